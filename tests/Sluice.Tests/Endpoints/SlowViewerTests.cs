using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Server.Features;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

/// <summary>Clients that never read, over real sockets: let go, while a healthy one beside them misses nothing.</summary>
public sealed class SlowViewerTests
{
    private const int LetGo = 204;
    private const int Slow = 5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NeverReads_IsLetGoAndComesBack(bool isNative)
    {
        var (begin, end) = (Script.New(), Script.New());
        var text = new string('x', 8000);
        var script = new Script().Text("first").Wait(begin.Task);
        for (var i = 0; i < 400; i++)
        {
            script.Hop().Text(text);
        }

        // Kestrel's and the kernel's own limits would let them go too, after some seconds of the machine's time; here the clock is the test's.
        script.Text("marker").Hop().Wait(end.Task).Text("last").Finish().Done();
        await using var host = await SluiceHost.StartAsync(
            script,
            sluice => sluice.Services
                .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MinResponseDataRate = null)
                .Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint => Listen(endpoint, TimeSpan.Zero)),
            ("Sluice:Streams:MaxLagBytes", "2147483647"),
            ("Sluice:Timeouts:Idle", "1.00:00:00"));
        using var healthy = await RawClient.ConnectAsync(host);
        await (isNative ? healthy.GetAsync("/ask/stream?prompt=hi") : healthy.PostAsync("/v1/chat/completions", """{"stream":true,"messages":[]}""", "X-Sluice-On-Disconnect: detach\r\n"));
        await healthy.ReadUntilAsync("first");
        var id = healthy.Seen[healthy.Seen.IndexOf("st_", StringComparison.Ordinal)..][..25];
        var session = host.Hub.Find(id, Caller.Anonymous)!;
        Assert.True(session.TryHold());
        var slow = new List<RawClient>();
        for (var i = 0; i < Slow; i++)
        {
            slow.Add(await RawClient.ConnectAsync(host, receiveBuffer: 4096));
            await slow[i].SendAsync($"GET /v1/streams/{id}/events HTTP/1.0\r\nHost: localhost\r\n\r\n");
            await slow[i].ReadUntilAsync("first");
        }

        begin.SetResult();
        await healthy.ReadUntilAsync("marker");
        await Within.UntilAsync(() =>
        {
            // The moment that each of them gets for its last line is the clock's as well.
            host.Time.Advance(TimeSpan.FromSeconds(1));
            return host.Log.Count(record => record.Id.Id == LetGo) == Slow;
        });
        end.SetResult();
        await healthy.ReadUntilAsync(isNative ? "\"type\":\"end\"" : "[DONE]");
        await session.Completion.Soon();

        // Their connections were closed in the middle; with the cursor that they have they get the rest.
        var whole = Encoding.UTF8.GetString(await session.ReadFromAsync(0));
        foreach (var client in slow)
        {
            var closing = client.ReadToItsEndAsync();
            await Within.UntilAsync(() =>
            {
                host.Time.Advance(TimeSpan.FromSeconds(1));
                return closing.IsCompleted;
            });
            Assert.DoesNotContain("\"last\"", client.Seen, StringComparison.Ordinal);
            var got = client.Body;
            var (taken, last, _) = Viewing.Taken(Encoding.UTF8.GetBytes(got));
            Assert.InRange(last, 1, 402);
            Assert.Equal(whole, Encoding.UTF8.GetString([.. taken, .. await session.ReadFromAsync(last)]));
            client.Dispose();
        }

        session.Release();
    }

    [Fact]
    public async Task TakesNothingUntilTheKernelGivesUp_HasLeftAndIsNoFailure()
    {
        var begin = Script.New();
        var script = new Script().Text("first").Wait(begin.Task);
        for (var i = 0; i < 100; i++)
        {
            script.Text(new string('x', 8000));
        }

        await using var host = await SluiceHost.StartAsync(
            script.Wait(Script.New().Task),
            sluice => sluice.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint => Listen(endpoint, TimeSpan.FromMilliseconds(1))),
            ("Sluice:Timeouts:Idle", "1.00:00:00"));
        using var silent = await RawClient.ConnectAsync(host, receiveBuffer: 4096);
        await silent.PostAsync("/v1/chat/completions", """{"stream":true,"messages":[]}""");
        await silent.ReadUntilAsync("first");
        begin.SetResult();
        await script.LetGo.Soon();
        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }

    private static Socket Listen(EndPoint endpoint, TimeSpan maxUnacknowledged)
    {
        var socket = ListenSockets.Create(endpoint);
        ListenSockets.LimitUnacknowledged(socket, maxUnacknowledged);
        return socket;
    }
}
