using Sluice.Pipeline;

namespace Sluice.Hosting;

/// <summary>Keeps what is known of each target's health over reloads that do not change the target.</summary>
internal sealed class TargetHealthRegistry(TimeProvider time)
{
    private Dictionary<Key, TargetHealth> _known = [];
    private Dictionary<Key, TargetHealth> _used = [];
    private Dictionary<(object Provider, int Max), ConcurrencyLimit> _knownLimits = [];
    private Dictionary<(object Provider, int Max), ConcurrencyLimit> _usedLimits = [];

    /// <summary>The health of a target.</summary>
    /// <param name="provider">What makes the provider another one.</param>
    /// <param name="model">The model's name there; null for the provider itself, whatever model it is asked for.</param>
    /// <param name="max">How many calls of the target may run at once; null for any number.</param>
    /// <param name="providerMax">How many of the provider over all its targets; null for any number.</param>
    /// <param name="breaker">When to leave it alone.</param>
    public TargetHealth Get(object provider, string? model, int? max, int? providerMax, BreakerOptions breaker)
    {
        var key = new Key(provider, model, max, providerMax, breaker);
        if (!_used.TryGetValue(key, out var health) && !_known.TryGetValue(key, out health))
        {
            health = new TargetHealth(time, breaker, max ?? int.MaxValue, providerMax is { } shared ? Limit(provider, shared) : null);
        }

        // Also where the health itself is known: another target may come to share the limit.
        _ = providerMax is { } still ? Limit(provider, still) : null;
        return _used[key] = health;
    }

    /// <summary>All targets of a configuration have been asked for: the rest is forgotten.</summary>
    public void Settle()
    {
        (_known, _used) = (_used, []);
        (_knownLimits, _usedLimits) = (_usedLimits, []);
    }

    private ConcurrencyLimit Limit(object provider, int max)
    {
        var key = (provider, max);
        if (!_usedLimits.TryGetValue(key, out var limit) && !_knownLimits.TryGetValue(key, out limit))
        {
            limit = new ConcurrencyLimit(max);
        }

        return _usedLimits[key] = limit;
    }

    private readonly record struct Key(object Provider, string? Model, int? Max, int? ProviderMax, BreakerOptions Breaker);
}
