using System.Net;
using System.Net.Sockets;
using Sluice.Diagnostics;
using Sluice.Providers.Http;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1TrafficTests
{
    [Fact]
    public async Task RentAsync_NobodyListens_IsAFailureOfThatKind()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var kinds = new List<string>();
        var traffic = new UpstreamTraffic(kinds.Add);
        using var pool = new Http1Pool(new Uri($"http://127.0.0.1:{port}"), TimeSpan.FromSeconds(5), TimeProvider.System, traffic);
        await Assert.ThrowsAsync<HttpRequestException>(async () => await pool.RentAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["refused"], kinds);
        Assert.Equal((0, 0), (traffic.Opened, traffic.Active));
    }

    [Fact]
    public async Task Connection_OpenedAndClosedTwice_CountsOnce()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var traffic = new UpstreamTraffic();
        using var pool = new Http1Pool(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), TimeSpan.FromSeconds(5), TimeProvider.System, traffic);
        var connection = await pool.RentAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (traffic.Opened, traffic.Active));
        connection.Close();
        connection.Close();
        Assert.Equal((1, 0), (traffic.Opened, traffic.Active));
    }
}
