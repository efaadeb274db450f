namespace Sluice.Many;

/// <summary>What those are answered for whom there is no room: 503 for a POST, and for an EventSource, which any such status would close for ever, when to come back.</summary>
internal static class PastCap
{
    private const int MaxMore = 2000;
    private const int BufferBytes = 1024;

    /// <summary>Opens streams until there is no room, and a few more.</summary>
    /// <param name="site">The server.</param>
    /// <param name="request">How a stream is asked for.</param>
    /// <param name="connections">Gets those that there was room for.</param>
    /// <param name="findings">Gets what is wrong.</param>
    public static async Task CheckAsync(Site site, byte[] request, List<EventConnection> connections, Findings findings)
    {
        for (var i = 0; i < MaxMore; i++)
        {
            var connection = await EventConnection.OpenAsync(site.Server.EndPoint, request, BufferBytes);
            if (connection.Status == 200 && !await IsHintAsync(connection))
            {
                connections.Add(connection);
                continue;
            }

            connection.Dispose();
            break;
        }

        findings.Add("streams when there was no more room", $"{connections.Count}");
        for (var i = 0; i < 20; i++)
        {
            using var source = await EventConnection.OpenAsync(site.Server.EndPoint, Requests.Ask("up/sim-9-0", "cancel"));
            findings.Check(source.Status == 200 && await IsHintAsync(source), "an EventSource past the cap is not told when to come back");
            using var post = await EventConnection.OpenAsync(site.Server.EndPoint, Requests.Chat("up/sim-9-0"));
            findings.Check(post.Status == 503 && post.Header("Retry-After") is not null, FormattableString.Invariant($"a POST past the cap is answered with {post.Status}"));
        }
    }

    // A stream says `start` at once; whoever is not let in gets a retry and the end.
    private static async Task<bool> IsHintAsync(EventConnection connection) =>
        connection.Header("X-Sluice-Stream-Id") is null && !await connection.ReadAsync() && connection.Retry is >= 1000 and <= 3000 && !connection.IsCut;
}
