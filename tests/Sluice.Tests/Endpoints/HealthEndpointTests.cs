using Sluice.Tests.Providers;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

public sealed class HealthEndpointTests
{
    [Theory]
    [InlineData("/healthz", "{\"status\":\"ok\"}")]
    [InlineData("/readyz", "{\"status\":\"ready\",\"providers\":{\"scripted\":\"ok\"}}")]
    public async Task Get_Running_Is200(string path, string body)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Get_WhileItDrains_IsAliveButNotReady()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Hang(), ("Sluice:Shutdown:Grace", "00:10:00"));
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=a&on_disconnect=cancel");
        await host.Script.Asked.Soon();

        // The host itself stops: it still listens while the stream runs.
        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        await Within.UntilAsync(() => host.Hub.IsDraining);
        var ready = await host.Client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Equal("{\"status\":\"draining\",\"providers\":{\"scripted\":\"ok\"}}", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(200, (int)(await host.Client.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode);
        client.Reset();
        await stopping.Soon();
    }

    [Fact]
    public async Task Ready_ProviderDoesNotAnswerTheProbe_IsDownUntilItDoes()
    {
        var (asked, answers) = (0, false);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            Interlocked.Increment(ref asked);
            await connection.WriteAsync(Volatile.Read(ref answers)
                ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 11\r\n\r\n{\"data\":[]}"
                : "HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        });
        await using var host = await SluiceHost.StartAsync(
            new Script().Done(), ("Sluice:Providers:up:BaseUrl", $"http://127.0.0.1:{upstream.Port}/v1"), ("Sluice:Health:ProbeEvery", "00:00:30"));
        await Within.UntilAsync(() =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            return Volatile.Read(ref asked) > 0;
        });
        await Within.UntilAsync(() => host.Log.Any(record => record.Id.Name == "ProviderUnreachable"));
        Assert.Equal("{\"status\":\"degraded\",\"providers\":{\"up\":\"down\",\"scripted\":\"ok\"}}", await host.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken));

        // From here on once: a probe has five seconds of this clock.
        Volatile.Write(ref answers, true);
        host.Time.Advance(TimeSpan.FromSeconds(31));
        await Within.UntilAsync(() => host.Log.Any(record => record.Id.Name == "ProviderAnswers"));
        Assert.Equal("{\"status\":\"ready\",\"providers\":{\"up\":\"ok\",\"scripted\":\"ok\"}}", await host.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken));
        Assert.Single(host.Log, record => record.Id.Name == "ProviderUnreachable");
    }
}
