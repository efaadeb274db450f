namespace Sluice.Pipeline;

/// <summary>An average in which a sample counts for less the older it is, and which fades to nothing when no more come: who was slow once is tried again.</summary>
/// <remarks>Weights are exp(-age / <see cref="Fade"/>), as in a moving average over samples that come at odd times. Safe for many threads.</remarks>
internal sealed class DecayingAverage(TimeProvider time)
{
    private const double MaxOldWeight = 0.9;

    private readonly Lock _lock = new();
    private double _seconds;
    private long _at;
    private bool _hasAny;

    /// <summary>The age at which a sample counts for 37 % of a new one.</summary>
    public static TimeSpan Fade { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The average now; zero where there is none.</summary>
    public TimeSpan Value
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromSeconds(_hasAny ? _seconds * Weight() : 0);
            }
        }
    }

    /// <summary>The average when it last changed; null where there is none.</summary>
    public TimeSpan? Last
    {
        get
        {
            lock (_lock)
            {
                return _hasAny ? TimeSpan.FromSeconds(_seconds) : null;
            }
        }
    }

    /// <summary>Takes a sample.</summary>
    public void Add(TimeSpan sample)
    {
        lock (_lock)
        {
            // Of many samples that come in one burst each still counts for a tenth.
            var old = _hasAny ? Math.Min(Weight(), MaxOldWeight) : 0;
            _seconds = (_seconds * old) + (sample.TotalSeconds * (1 - old));
            _at = time.GetTimestamp();
            _hasAny = true;
        }
    }

    private double Weight() => Math.Exp(-time.GetElapsedTime(_at) / Fade);
}
