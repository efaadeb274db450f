using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class RequestIdsTests
{
    [Theory]
    [InlineData("abc-1.2_3", true)]
    [InlineData("with space", false)]
    [InlineData("<script>", false)]
    public async Task Answer_CarriesTheClientsOwnName_WhereItIsHarmless(string id, bool isTaken)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("X-Request-Id", id);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var name = Assert.Single(response.Headers.GetValues("X-Request-Id"));
        Assert.Equal(isTaken, name == id);
        Assert.Matches("^[A-Za-z0-9_.-]{1,64}$", name);
    }

    [Fact]
    public async Task Log_OfAFinishedAnswer_NamesRequestAndStreamAndNoQuestion()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("secret-answer").Finish().Done());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=secret-question");
        request.Headers.Add("X-Request-Id", "req-7");
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await Within.UntilAsync(() => host.Log.Any(record => record.Id.Name == "Generation"));
        var line = host.Log.Single(record => record.Id.Name == "Generation").Message;
        Assert.Contains($"request req-7, stream {Assert.Single(response.Headers.GetValues("X-Sluice-Stream-Id"))}", line, StringComparison.Ordinal);
        Assert.StartsWith("Answer done: model scripted", line, StringComparison.Ordinal);
        Assert.All(host.Log, record => Assert.DoesNotContain("secret-", record.Message, StringComparison.Ordinal));
    }
}
