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
}
