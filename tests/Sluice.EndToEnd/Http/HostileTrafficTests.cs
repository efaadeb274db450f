using System.Net;
using System.Text;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>Clients that mean ill: those who mean well notice nothing, nothing is the server's fault (5xx), and it holds no more memory than before.</summary>
[Collection(nameof(AloneTests))]
public sealed class HostileTrafficTests
{
    private const long MegaByte = 1 << 20;
    private const long MostMemory = 96 * MegaByte;

    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task SlowHeads_AndSlowBodies_AreHungUpOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var gateway = await Gateway.StartAsync();
        var whole = await LegitimateStreams.BesideAsync(gateway, () => Task.WhenAll(
            DripAsync(gateway, 1000, "GET /ask/stream?prompt=q HTTP/1.1\r\nHost: x\r\nX-Slow: ", ["", "HTTP/1.1 408"]),
            DripAsync(gateway, 200, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{\"a\":\"", ["", "HTTP/1.1 408"])));
        Assert.True(whole > 0);
        await IsWellAsync(gateway);
    }

    [Fact]
    public async Task FiftyThousandMutatedRequests_AreAnsweredOrHungUpOn()
    {
        const int Requests = 50_000;
        const int WarmUp = 5000;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var gateway = await Gateway.StartAsync(("Sluice__Models__chat__Targets__0__Provider", "up"), ("Sluice__Models__chat__Targets__0__Model", "sim-3-0"));
        await MutateAsync(gateway, 1, WarmUp);
        var before = ProcessStatus.PeakMemory(gateway.Server.Id);
        await LegitimateStreams.BesideAsync(gateway, () => MutateAsync(gateway, 2, Requests));
        await IsWellAsync(gateway);
        Assert.InRange(ProcessStatus.PeakMemory(gateway.Server.Id) - before, 0, MostMemory);
    }

    [Fact]
    public async Task RapidReset_StopsEachQuestion()
    {
        const int Connections = 20;
        const int Questions = 1000;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var gateway = await Gateway.StartAsync(("Kestrel__EndpointDefaults__Protocols", "Http2"));
        await LegitimateStreams.BesideAsync(gateway, () => ResetAsync(gateway, 2, Questions), HttpVersion.Version20);
        var before = ProcessStatus.PeakMemory(gateway.Server.Id);
        await LegitimateStreams.BesideAsync(gateway, () => ResetAsync(gateway, Connections, Questions), HttpVersion.Version20);
        await Eventually.IsAsync(cancel => UpstreamStats.ReadAsync(gateway.Upstream, cancel), stats => stats.Active == 0);
        Assert.InRange(ProcessStatus.PeakMemory(gateway.Server.Id) - before, 0, MostMemory);
        await LegitimateStreams.BesideAsync(gateway, () => Task.CompletedTask, HttpVersion.Version20);
        Assert.DoesNotContain("Exception", gateway.Server.Output, StringComparison.Ordinal);
    }

    // One byte a second on each connection, until the server has closed all of them.
    private static async Task DripAsync(Gateway gateway, int connections, string beginning, string[] endings)
    {
        var open = new List<RawConnection>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                var connection = await RawConnection.OpenAsync(gateway.Server.Address);
                open.Add(connection);
                Assert.True(await connection.TrySendAsync(Encoding.ASCII.GetBytes(beginning)));
            }

            var ended = Task.WhenAll(open.Select(connection => connection.ReadToItsEndAsync()));
            using var timer = new PeriodicTimer(Drip);
            while (!ended.IsCompleted)
            {
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
                foreach (var connection in open)
                {
                    await connection.TrySendAsync("a"u8.ToArray());
                }
            }

            await ended;
            Assert.All(open, connection => Assert.Contains(connection.Seen.Split(' ') is [var version, var status, ..] ? $"{version} {status}" : "", endings));
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task MutateAsync(Gateway gateway, ulong seed, int count)
    {
        var mutations = new Mutations(seed);
        var requests = Enumerable.Range(0, count).Select(_ => mutations.Next());
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = TestContext.Current.CancellationToken }, async (request, _) =>
        {
            using var connection = await RawConnection.OpenAsync(gateway.Server.Address);
            await connection.TrySendAsync(request);
            await connection.ReadOrHangUpAsync(TimeSpan.FromMilliseconds(40));

            // 505 is what RFC 9110 wants for a version that nobody speaks: the one status of this class that is the client's doing.
            if (connection.Seen.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !connection.Seen.StartsWith("HTTP/1.1 505", StringComparison.Ordinal))
            {
                Assert.Fail($"{Encoding.Latin1.GetString(request)}\n=>\n{connection.Seen}");
            }
        });
    }

    private static Task ResetAsync(Gateway gateway, int connections, int questions) => Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
    {
        using var connection = await RawConnection.OpenAsync(gateway.Server.Address);
        var ended = connection.ReadToItsEndAsync();
        await connection.TrySendAsync(Http2Frames.Preface);

        // A server may hang up on this; what it may not do is go on with what was taken back.
        for (var i = 0; i < questions && !ended.IsCompleted; i += 50)
        {
            await connection.TrySendAsync(Http2Frames.TakenBack("/ask/stream?prompt=q&model=up/sim-9999-1000&on_disconnect=cancel", (2 * i) + 1, 50));
        }

        connection.HangUp();
        await ended;
    }));

    private static async Task IsWellAsync(Gateway gateway)
    {
        await Eventually.IsAsync(cancel => UpstreamStats.ReadAsync(gateway.Upstream, cancel), stats => stats.Active == 0);
        using var ready = await Asking.Client.GetAsync(new Uri(gateway.Server.Address, "/readyz"), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)ready.StatusCode);
        Assert.DoesNotContain("Exception", gateway.Server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", gateway.Server.Output, StringComparison.OrdinalIgnoreCase);
    }
}
