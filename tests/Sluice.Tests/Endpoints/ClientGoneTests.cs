using Microsoft.Extensions.Logging;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

/// <summary>A client that leaves cancels the upstream call, in whatever state it is.</summary>
public sealed class ClientGoneTests
{
    private const int MaxLead = 100;

    private const string Streamed = """{"stream":true,"messages":[]}""";

    public static TheoryData<string, bool> Ways => new()
    {
        { "ask", false }, { "ask", true }, { "chat", false }, { "chat", true }, { "whole", false }, { "whole", true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task BeforeAnythingCame(string way, bool reset)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Hang());
        await LeaveAsync(host, way, reset, until: null);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WaitingForTheFirstToken(string way, bool reset)
    {
        var said = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Role().Do(_ => { said.SetResult(); return Task.CompletedTask; }).Hang());
        await LeaveAsync(host, way, reset, until: null, said.Task);
    }

    [Theory]
    [InlineData("ask", false)]
    [InlineData("ask", true)]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    public async Task MidStream(string way, bool reset)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("first").Hang());
        await LeaveAsync(host, way, reset, until: "\"first\"");
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("chat")]
    public async Task DuringABlockedFlush(string way)
    {
        // Nobody reads, so the kernel's buffers fill up, then Kestrel's, then the flush waits; the producer stops 100 events later.
        var script = new Script();
        var text = new string('x', 8000);
        for (var i = 0; i < 3000; i++)
        {
            script.Hop().Text(text);
        }

        await using var host = await SluiceHost.StartAsync(script.Hang());
        using var client = await RawClient.ConnectAsync(host, receiveBuffer: 4096);
        await SendAsync(client, way);
        await script.Asked.Soon();
        // How much the kernel swallows first is its own affair: with the start event it can be as little as nothing.
        var (last, looks) = (-1L, 0);
        await Within.UntilAsync(() =>
        {
            var said = script.Said;
            looks = said == last && said >= MaxLead - 1 ? looks + 1 : 0;
            last = said;
            return looks == 100;
        });
        Assert.Equal(1, host.Hub.Active);
        client.Reset();
        await script.Cancelled.Soon();
        await script.LetGo.Soon();
        await NothingIsLeftAsync(host);
        Assert.InRange(script.Said, MaxLead - 1, 2999);
    }

    [Theory]
    [InlineData("POST /ask/stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"prompt\"")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"str")]
    [InlineData("GET /ask/stream?prompt=a HTTP/1.1\r\nHo")]
    public async Task WhileItStillAsks(string half)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using (var client = await RawClient.ConnectAsync(host))
        {
            await client.SendAsync(half);
            client.Reset();
        }

        using (var client = await RawClient.ConnectAsync(host))
        {
            await client.SendAsync(half);
        }

        using var other = await RawClient.ConnectAsync(host);
        await other.GetAsync("/healthz", "Connection: close\r\n");
        await other.ReadToEndAsync();
        await host.StopAsync();
        Assert.Equal(0, host.Script.Calls);
        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }

    private static async Task LeaveAsync(SluiceHost host, string way, bool reset, string? until, Task? before = null)
    {
        using var client = await RawClient.ConnectAsync(host);
        await SendAsync(client, way);
        await host.Script.Asked.Soon();
        await (before ?? Task.CompletedTask).Soon();
        if (until is not null)
        {
            await client.ReadUntilAsync(until);
        }

        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await host.Script.Cancelled.Soon();
        await host.Script.LetGo.Soon();
        await NothingIsLeftAsync(host);
    }

    private static Task SendAsync(RawClient client, string way) => way switch
    {
        "ask" => client.GetAsync("/ask/stream?prompt=hi", "X-Sluice-On-Disconnect: cancel\r\n"),
        "chat" => client.PostAsync("/v1/chat/completions", Streamed),
        _ => client.PostAsync("/v1/chat/completions", "{}"),
    };

    private static async Task NothingIsLeftAsync(SluiceHost host)
    {
        await Within.UntilAsync(() => host.Hub.Active == 0);
        Assert.Equal(0, host.Script.Open);
        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }
}
