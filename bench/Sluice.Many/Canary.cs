namespace Sluice.Many;

/// <summary>One stream that goes on all the time: it must not notice what becomes of the others.</summary>
internal sealed class Canary : IDisposable
{
    private readonly EventConnection _connection;
    private readonly Findings _findings;
    private readonly Task _reading;
    private long _sequence;

    private Canary(EventConnection connection, Findings findings)
    {
        _connection = connection;
        _findings = findings;
        _reading = ReadAsync();
    }

    /// <summary>Asks for it.</summary>
    public static async Task<Canary> StartAsync(Site site, Findings findings) =>
        new(await EventConnection.OpenAsync(site.Server.EndPoint, Requests.Ask("up/sim-100000-20000", "cancel")), findings);

    /// <summary>Whether it still goes on: another event comes.</summary>
    public async Task CheckAsync()
    {
        var seen = Volatile.Read(ref _sequence);
        _findings.Check(await Waiting.UntilAsync(() => Volatile.Read(ref _sequence) > seen + 5, TimeSpan.FromSeconds(10)), "a live stream stands still");
    }

    public void Dispose() => _connection.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            while (await _connection.ReadAsync())
            {
                _findings.Check(_connection.Sequence == _sequence + 1, "a live stream lost an event");
                Volatile.Write(ref _sequence, _connection.Sequence);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // It was let go of at the end.
            return;
        }

        _findings.Fault("a live stream ended");
    }
}
