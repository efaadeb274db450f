using System.Net;
using Microsoft.Extensions.Logging.Testing;
using Sluice.Chat;
using Sluice.Server.Access;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class KeyWatchTests
{
    [Theory]
    [InlineData(true, "key_revoked")]
    [InlineData(false, "key_expired")]
    public async Task KeyThatEnds_EndsItsAnswersWithTheReason(bool isRevoked, string code)
    {
        await using var bench = await AccessBench.StartAsync(new Script().Text("a").Hang());
        var ann = bench.Make("ann", record => isRevoked ? record : record with { Expires = record.Created.AddSeconds(3) });
        var bob = bench.Make("bob");
        using var native = await RawClient.ConnectAsync(bench.Host);
        await native.GetAsync("/ask/stream?prompt=q", $"x-api-key: {ann}\r\nConnection: close\r\n");
        await native.ReadUntilAsync("\"a\"");
        using var openAi = await RawClient.ConnectAsync(bench.Host);
        await openAi.PostAsync("/v1/chat/completions", """{"stream":true}""", $"x-api-key: {ann}\r\nConnection: close\r\n");
        await openAi.ReadUntilAsync("\"a\"");
        using var others = await RawClient.ConnectAsync(bench.Host);
        await others.GetAsync("/ask/stream?prompt=q", $"x-api-key: {bob}\r\n");
        await others.ReadUntilAsync("\"a\"");

        if (isRevoked)
        {
            bench.Revoke("ann");
        }

        bench.PassSecond();
        Assert.Contains($"\"type\":\"error\",\"code\":\"{code}\"", await native.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", await openAi.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", openAi.Seen, StringComparison.Ordinal);
        await Within.UntilAsync(() => bench.Host.Hub.Active == 1);
        using var after = await bench.SendAsync(HttpMethod.Get, "/v1/models", ann);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains(isRevoked ? "The key was revoked." : "The key has expired.", await StreamResumeTests.TextAsync(after), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_OfAnothersAnswer_IsGoneWithItsKey()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Text("a").Hang());
        var ann = bench.Make("ann");
        var looker = bench.Make("looker", record => record with { Owner = bench.Keys["ann"].Id, Role = Role.Viewer });
        using var owner = await RawClient.ConnectAsync(bench.Host);
        await owner.GetAsync("/ask/stream?prompt=q", $"x-api-key: {ann}\r\n");
        await owner.ReadUntilAsync("\"a\"");
        using var viewer = await RawClient.ConnectAsync(bench.Host);
        await viewer.GetAsync($"/v1/streams/{StreamResumeTests.Id(owner.Seen)}/events", $"x-api-key: {looker}\r\n");
        await viewer.ReadUntilAsync("\"a\"");
        bench.Revoke("looker");
        bench.PassSecond();
        bench.PassSecond();
        await viewer.ReadToItsEndAsync();
        Assert.Equal(1, bench.Host.Hub.Active);
        await Within.UntilAsync(() => bench.Service<LiveRequests>().All.Count() == 1);
    }

    [Fact]
    public async Task Key_ThatIsMadeWhileTheServerRuns_IsKnownAfterASecond()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Text("a").Finish().Done());
        Assert.Contains(bench.Host.Log, record => record.Message.Contains("sluice keys create", StringComparison.Ordinal));
        var key = bench.Make("ann");
        using var response = await bench.SendAsync(HttpMethod.Get, "/v1/models", key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("Sluice:Price:Output", 0)]
    public async Task BudgetInCost_WhereNothingHasAPrice_IsSaidOnce(string? price, int expected)
    {
        await using var bench = await AccessBench.StartAsync(new Script().Text("a").Finish().Done(), price is null ? [] : [(price, "10")]);
        bench.Make("ann", record => record with { Limits = new CallerLimits { TokensPerMonth = 5 } });
        Assert.DoesNotContain(bench.Host.Log, IsWarning);
        bench.Make("bob", record => record with { Limits = new CallerLimits { CostPerMonth = 20 } });
        bench.PassSecond();
        Assert.Equal(expected, bench.Host.Log.Count(IsWarning));

        static bool IsWarning(FakeLogRecord record) => record.Id.Name == "BudgetsWithoutPrice";
    }

    [Fact]
    public async Task Requests_ThatAreOver_AreForgotten()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Text("a").Finish().Done());
        var key = bench.Make("ann");
        for (var i = 0; i < 5; i++)
        {
            using var response = await bench.SendAsync(HttpMethod.Post, "/ask/stream", key, """{"prompt":"q"}""");
            await StreamResumeTests.TextAsync(response);
        }

        await Within.UntilAsync(() => !bench.Service<LiveRequests>().All.Any());
    }
}
