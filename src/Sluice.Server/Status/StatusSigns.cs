using System.Diagnostics.Metrics;
using Sluice.Diagnostics;

namespace Sluice.Server.Status;

/// <summary>What has happened since the last sample, as the server's own metrics tell it. Listens only while somebody looks. Safe for many threads.</summary>
internal sealed class StatusSigns : IDisposable
{
    // What one second may keep; beyond it the picture is the same.
    private const int MaxTimes = 10_000;

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<double> _firstTokens = [];
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private int _ended;
    private int _failed;

    /// <param name="meters">The server's own: others in the process are not listened to.</param>
    public StatusSigns(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SluiceMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters)
                && instrument.Name is "gen_ai.server.time_to_first_token" or "gen_ai.server.request.duration" or "sluice.upstream.attempts")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => TakeAttempt(tags));
        _listener.Start();
    }

    /// <summary>Takes what has happened and forgets it.</summary>
    /// <returns>Times to the first token in seconds, in order; questions that ended, and of those that failed; failed calls by provider.</returns>
    public (double[] FirstTokens, int Ended, int Failed, KeyValuePair<string, int>[] Failures) Take()
    {
        lock (_lock)
        {
            _firstTokens.Sort();
            var taken = (_firstTokens.ToArray(), _ended, _failed, _failures.ToArray());
            _firstTokens.Clear();
            _failures.Clear();
            (_ended, _failed) = (0, 0);
            return taken;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
            {
                return tag.Value as string;
            }
        }

        return null;
    }

    private void Take(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isFailure = Tag(tags, "error.type") is not (null or "cancelled");
        lock (_lock)
        {
            if (instrument == "gen_ai.server.request.duration")
            {
                _ended++;
                _failed += isFailure ? 1 : 0;
            }
            else if (_firstTokens.Count < MaxTimes)
            {
                _firstTokens.Add(value);
            }
        }
    }

    private void TakeAttempt(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Tag(tags, "error.type") is null or "cancelled" or "departed" || Tag(tags, "gen_ai.provider.name") is not { } provider)
        {
            return;
        }

        lock (_lock)
        {
            _failures[provider] = _failures.GetValueOrDefault(provider) + 1;
        }
    }
}
