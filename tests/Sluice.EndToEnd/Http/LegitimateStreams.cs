using System.Net;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>Clients that mean well, beside whatever else happens: each of their streams must be whole.</summary>
internal static class LegitimateStreams
{
    private const string Model = "up/sim-60-1000";
    private const int AtOnce = 4;

    /// <summary>Asks one question after the other until something is over, and once more.</summary>
    /// <param name="gateway">Whom.</param>
    /// <param name="act">What happens beside.</param>
    /// <param name="version">The version of HTTP to ask in.</param>
    /// <returns>How many answers were read, each whole.</returns>
    public static async Task<int> BesideAsync(Gateway gateway, Func<Task> act, Version? version = null)
    {
        var text = await Asking.WholeTextAsync(gateway.Upstream.Address, Model.Split('/')[1]);
        var isOver = false;
        var count = 0;
        var clients = Enumerable.Range(0, AtOnce).Select(_ => AskAsync()).ToList();
        try
        {
            await act();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(clients);
        }

        return count;

        async Task AskAsync()
        {
            bool isLast;
            do
            {
                isLast = Volatile.Read(ref isOver);
                using var request = Asking.Ask(gateway.Server.Address, Model);
                request.Version = version ?? HttpVersion.Version11;
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
                var events = await Asking.EventsAsync(request);
                Assert.Equal(text, events.Text);
                Assert.Equal("end", events.Types.Last());
                Interlocked.Increment(ref count);
            }
            while (!isLast);
        }
    }
}
