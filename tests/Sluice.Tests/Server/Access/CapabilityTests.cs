using System.Net;
using System.Text.Json;
using Sluice.Server.Access;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class CapabilityTests
{
    [Fact]
    public async Task Link_ShowsItsStreamAsOftenAsWantedUntilItExpires()
    {
        await using var bench = await StartAsync();
        var (id, url) = await LinkAsync(bench, bench.Make("ann"));
        Assert.StartsWith($"/v1/streams/{id}/events?capability=", url, StringComparison.Ordinal);
        foreach (var cursor in (string[])[$"{id}.1", $"{id}.2"])
        {
            using var response = await bench.SendAsync(HttpMethod.Get, url, null, null, ("Last-Event-ID", cursor));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("\"end\"", await StreamResumeTests.TextAsync(response), StringComparison.Ordinal);
        }

        bench.Host.Time.Advance(TimeSpan.FromMinutes(9));
        using var before = await bench.SendAsync(HttpMethod.Get, url, null);
        bench.Host.Time.Advance(TimeSpan.FromMinutes(1));
        using var after = await bench.SendAsync(HttpMethod.Get, url, null);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
        Assert.DoesNotContain(bench.Host.Log, record => record.ToString().Contains(url.Split('=')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Link_IsForItsStreamsEventsAlone()
    {
        await using var bench = await StartAsync();
        var key = bench.Make("ann");
        var (id, url) = await LinkAsync(bench, key);
        var other = await bench.AskAsync(key);
        var query = url.Split('?')[1];
        (HttpMethod Method, string Path)[] others =
        [
            (HttpMethod.Get, $"/v1/streams/{other}/events?{query}"),
            (HttpMethod.Get, $"/v1/streams/{id}?{query}"),
            (HttpMethod.Post, $"/v1/streams/{id}/cancel?{query}"),
            (HttpMethod.Post, $"/v1/streams/{id}/capability?{query}"),
            (HttpMethod.Get, $"/ask/stream?prompt=q&{query}"),
            (HttpMethod.Get, $"/v1/models?{query}"),
            (HttpMethod.Get, $"/statusz?{query}"),
            (HttpMethod.Get, $"{url}&{query}"),
            (HttpMethod.Get, url[..^1]),
            (HttpMethod.Get, $"/v1/streams/{id}/events?capability="),
            (HttpMethod.Get, $"/v1/streams/{id}/events?capability=%00"),
        ];
        foreach (var (method, path) in others)
        {
            using var response = await bench.SendAsync(method, path, null);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {response.StatusCode}");
        }

        // Another stream's cursor does not lead there.
        using var astray = await bench.SendAsync(HttpMethod.Get, url, null, null, ("Last-Event-ID", $"{other}.1"));
        Assert.Contains("stream_lost", await StreamResumeTests.TextAsync(astray), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_EndsWithItsKey()
    {
        await using var bench = await StartAsync();
        var (_, url) = await LinkAsync(bench, bench.Make("ann"));
        bench.Revoke("ann");
        bench.PassSecond();
        using var response = await bench.SendAsync(HttpMethod.Get, url, null);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Link_ToAnothersStream_IsNotGiven()
    {
        await using var bench = await StartAsync();
        var id = await bench.AskAsync(bench.Make("ann"));
        using var response = await bench.SendAsync(HttpMethod.Post, $"/v1/streams/{id}/capability", bench.Make("bob"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Viewer_MayGiveALinkToo()
    {
        await using var bench = await StartAsync();
        var id = await bench.AskAsync(bench.Make("ann"));
        var viewer = bench.Make("viewer", record => record with { Owner = bench.Keys["ann"].Id, Role = Role.Viewer });
        using var response = await bench.SendAsync(HttpMethod.Post, $"/v1/streams/{id}/capability", viewer);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<AccessBench> StartAsync() => AccessBench.StartAsync(new Script().Text("a").Finish().Done());

    private static async Task<(string Id, string Url)> LinkAsync(AccessBench bench, string key)
    {
        var id = await bench.AskAsync(key);
        await Within.UntilAsync(() => bench.Host.Hub.Active == 0);
        using var response = await bench.SendAsync(HttpMethod.Post, $"/v1/streams/{id}/capability", key);
        using var json = JsonDocument.Parse(await StreamResumeTests.TextAsync(response));
        Assert.Equal(bench.Host.Time.GetUtcNow().AddMinutes(10), json.RootElement.GetProperty("expires").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        return (id, json.RootElement.GetProperty("url").GetString()!);
    }
}
