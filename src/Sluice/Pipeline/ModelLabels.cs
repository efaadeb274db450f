using System.Collections.Concurrent;

namespace Sluice.Pipeline;

/// <summary>What a model is called in metrics. Clients may ask for any name; only those that are configured, or have answered, become a label, and of the latter so many.</summary>
/// <param name="configured">The name of a configured model or provider as the configuration writes it; null where it is none. Given null, the default model's.</param>
internal sealed class ModelLabels(Func<string?, string?> configured)
{
    /// <summary>All names that nobody has answered to, and those beyond the bound.</summary>
    public const string Other = "other";

    /// <summary>How many names that are not configured may become labels.</summary>
    public const int MaxAnswered = 64;

    private const int MaxChars = 100;

    private readonly ConcurrentDictionary<string, bool> _answered = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The label of a model.</summary>
    /// <param name="model">As asked for; null for the default one.</param>
    public string Of(string? model) => configured(model) ?? (model is not null && _answered.ContainsKey(model) ? model : Other);

    /// <summary>A model has said something: its name is one that somebody serves.</summary>
    /// <param name="model">As asked for; null for the default one.</param>
    public void Answered(string? model)
    {
        if (model is null or { Length: > MaxChars } || Volatile.Read(ref _count) >= MaxAnswered || configured(model) is not null || _answered.ContainsKey(model))
        {
            return;
        }

        // Taken before it is used: many threads must not pass the bound together.
        if (Interlocked.Increment(ref _count) > MaxAnswered || !_answered.TryAdd(model, true))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
