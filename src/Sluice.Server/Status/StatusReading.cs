namespace Sluice.Server.Status;

/// <summary>What stands at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="Timestamp">When, on the clock that never jumps.</param>
/// <param name="Frequency">That clock's ticks in a second.</param>
/// <param name="Streams">Answers under way.</param>
/// <param name="Viewers">Clients that watch.</param>
/// <param name="Calls">Calls of upstreams under way.</param>
/// <param name="Events">Events said since the start.</param>
/// <param name="Bytes">Bytes sent to viewers since the start.</param>
internal sealed record StatusReading(DateTimeOffset At, long Timestamp, long Frequency, int Streams, int Viewers, long Calls, long Events, long Bytes)
{
    /// <summary>The seconds since another one.</summary>
    public double Since(StatusReading before) => Math.Max(0.001, (double)(Timestamp - before.Timestamp) / Frequency);
}
