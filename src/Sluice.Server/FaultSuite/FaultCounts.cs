using System.Diagnostics.Metrics;
using Sluice.Diagnostics;

namespace Sluice.Server.FaultSuite;

/// <summary>What one server's own metrics say about calls and tokens. Safe for any thread.</summary>
internal sealed class FaultCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _calls;
    private long _tokens;

    /// <param name="meters">The server's own: others in the process are not listened to.</param>
    public FaultCounts(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SluiceMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters)
                && instrument.Name is "sluice.upstream.attempts" or "gen_ai.client.inference.usage.output_tokens") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, _, _) => Interlocked.Add(ref instrument.Name == "sluice.upstream.attempts" ? ref _calls : ref _tokens, count));
        _listener.Start();
    }

    /// <value>Calls of targets that have ended.</value>
    public long Calls => Volatile.Read(ref _calls);

    /// <value>Answer tokens, as billed.</value>
    public long Tokens => Volatile.Read(ref _tokens);

    public void Dispose() => _listener.Dispose();
}
