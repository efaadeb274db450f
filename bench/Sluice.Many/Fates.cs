using System.Globalization;
using System.Net.Sockets;

namespace Sluice.Many;

/// <summary>What may become of a stream, one after the other; each is checked.</summary>
internal sealed class Fates(Site site, Findings findings)
{
    private const int BufferBytes = 1024;

    /// <summary>How many there are.</summary>
    public const int Count = 9;

    /// <summary>Lets a stream have a fate.</summary>
    /// <param name="fate">0 to <see cref="Count"/> - 1.</param>
    public async Task RunAsync(int fate)
    {
        try
        {
            await (fate switch
            {
                0 => WholeAsync(Requests.Ask("up/sim-60-0", "detach")),
                1 => WholeAsync(Requests.Chat("up/sim-60-0")),
                2 => CancelledAsync(),
                3 => BrokenAsync(Requests.Ask("up/sim-30-0-cut", "detach"), isCut: false),
                4 => BrokenAsync(Requests.Chat("up/sim-30-0-cut-fin"), isCut: true),
                5 => ResumedAsync(),
                6 => RefusedAsync(),
                7 => GoneAsync(Requests.Chat("up/sim-9999-1000"), events: 3),
                _ => GoneAsync(Requests.Ask("up/sim-9-0-hang", "cancel"), events: 1),
            });
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            findings.Fault(FormattableString.Invariant($"fate {fate} failed: {e.Message}"));
        }
    }

    private static Task<EventConnection> OpenAsync(Site site, byte[] request) => EventConnection.OpenAsync(site.Server.EndPoint, request, BufferBytes);

    private async Task WholeAsync(byte[] request)
    {
        using var connection = await OpenAsync(site, request);
        await ReadToEndAsync(connection, after: 0);
        findings.Check(!connection.IsCut, "a whole stream was cut");
    }

    private async Task CancelledAsync()
    {
        using var connection = await OpenAsync(site, Requests.Ask("up/sim-9999-1000", "detach"));
        await connection.ReadAsync();
        using var cancel = await OpenAsync(site, Requests.Cancel(connection.Header("X-Sluice-Stream-Id")!));
        findings.Check(cancel.Status == 200, "a cancel was not answered with 200");
        findings.Check((await ReadToEndAsync(connection, connection.Sequence)).Contains("\"cancelled\"", StringComparison.Ordinal), "a cancelled stream does not say so");
    }

    private async Task BrokenAsync(byte[] request, bool isCut)
    {
        using var connection = await OpenAsync(site, request);
        var last = await ReadToEndAsync(connection, after: 0);
        findings.Check(last.Contains("error", StringComparison.Ordinal), "a broken stream does not say so");
        findings.Check(connection.IsCut == isCut, "a broken stream ends in the wrong way");
    }

    private async Task ResumedAsync()
    {
        string stream;
        long seen;
        using (var connection = await OpenAsync(site, Requests.Ask("up/sim-40-2000", "detach")))
        {
            await connection.ReadAsync();
            await connection.ReadAsync();
            (stream, seen) = (connection.Header("X-Sluice-Stream-Id")!, connection.Sequence);
        }

        using var again = await OpenAsync(site, Requests.Events(stream, seen));
        findings.Check((await ReadToEndAsync(again, seen)).Contains("\"end\"", StringComparison.Ordinal), "a resumed stream did not come to its end");
    }

    private async Task RefusedAsync()
    {
        using var connection = await OpenAsync(site, Requests.Chat("up/sim-9-0-context-length"));
        findings.Check(connection.Status == 400, string.Create(CultureInfo.InvariantCulture, $"a refused question was answered with {connection.Status}"));
    }

    private async Task GoneAsync(byte[] request, int events)
    {
        using var connection = await OpenAsync(site, request);
        for (var i = 0; i < events; i++)
        {
            findings.Check(await connection.ReadAsync(), "a stream ended early");
        }
    }

    private async Task<string> ReadToEndAsync(EventConnection connection, long after)
    {
        var last = "";
        while (await connection.ReadAsync())
        {
            if (connection.Data.Span.StartsWith("{\"type\":\"status\""u8))
            {
                // What is being done to get an answer is no part of it: it has no number.
                continue;
            }

            findings.Check(connection.Sequence == ++after, "an event was lost, or came twice");
            last = System.Text.Encoding.UTF8.GetString(connection.Data.Span);
        }

        findings.Check(last.Contains("\"end\"", StringComparison.Ordinal) || last is "[DONE]" || last.Contains("error", StringComparison.Ordinal)
            || last.Contains("\"cancelled\"", StringComparison.Ordinal), "a stream has no terminal event");
        return last;
    }
}
