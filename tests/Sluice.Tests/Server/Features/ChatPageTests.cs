using System.Net;
using System.Net.Http.Headers;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class ChatPageTests
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/app.css", "text/css; charset=utf-8")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task Get_HasItsTypeAndTheStrictHeaders(string path, string type)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Policy, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_KnownTag_Is304()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var tag = (await host.Client.GetAsync("/", TestContext.Current.CancellationToken)).Headers.ETag!;
        foreach (var (sent, status) in new[]
        {
            (tag.ToString(), 304), ($"W/{tag}", 304), ($"\"other\", {tag}", 304), ("*", 304), ("\"other\"", 200), ("garbage", 200),
        })
        {
            using var client = await RawClient.ConnectAsync(host);
            await client.GetAsync("/", $"Connection: close\r\nIf-None-Match: {sent}\r\n");
            var seen = await client.ReadToEndAsync();
            Assert.True(seen.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{sent}: {seen[..20]}");
            Assert.Contains($"ETag: {tag}", seen, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Head_HasTheLengthAndNoBody()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
    }

    [Fact]
    public async Task Index_LoadsOnlyWhatIsServed()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var html = await host.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        var named = System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"([^\"#]+)\"", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        foreach (var path in named.Where(path => !path.StartsWith("http", StringComparison.Ordinal)))
        {
            Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(new Uri(host.Client.BaseAddress!, path), TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=\"", html, StringComparison.OrdinalIgnoreCase);
    }
}
