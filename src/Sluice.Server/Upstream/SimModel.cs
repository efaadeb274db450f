using System.Globalization;

namespace Sluice.Server.Upstream;

/// <summary>A model name that says how to answer: `sim-TOKENS-MICROSECONDS` or `lat-TOKENS-MICROSECONDS`, and `-SCENARIO` if wanted.</summary>
/// <param name="Tokens">Tokens of the answer.</param>
/// <param name="Interval">Time between two tokens.</param>
/// <param name="Scenario">A scenario's name, or null.</param>
/// <param name="LatencyStamps">Whether tokens carry the moment of writing (`lat-`).</param>
internal sealed record SimModel(int Tokens, TimeSpan Interval, string? Scenario, bool LatencyStamps)
{
    /// <summary>The longest answer.</summary>
    public const int MaxTokens = 10_000_000;

    /// <summary>Reads a model name; null if it is an ordinary one.</summary>
    public static SimModel? Parse(string model)
    {
        var parts = model.Split('-', 4);
        if (parts.Length < 3 || parts[0] is not ("sim" or "lat")) return null;
        if (!TryCount(parts[1], out var tokens) || tokens > MaxTokens || !TryCount(parts[2], out var microseconds)) return null;
        return new SimModel(tokens, TimeSpan.FromMicroseconds(microseconds), parts.Length == 4 ? parts[3] : null, parts[0] == "lat");
    }

    private static bool TryCount(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
