namespace Sluice.Providers.Guide;

/// <summary>A light stemmer: it takes off the endings that would keep "connecting", "connects" and "connection" apart, and no more.</summary>
internal static class GuideStemmer
{
    /// <summary>The stem of a word in lower case.</summary>
    public static string Stem(string word)
    {
        var stem = Plural(word);
        stem = Without(stem, "ation", 4) ?? Without(stem, "ion", 5) ?? Verb(stem, "ing") ?? Verb(stem, "ed") ?? stem;
        return stem is [.., 'e'] && stem.Length > 3 ? stem[..^1] : stem;
    }

    private static string Plural(string word) => word switch
    {
        { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        { Length: > 3 } when word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
        _ => word,
    };

    private static string? Without(string word, string ending, int atLeast) =>
        word.EndsWith(ending, StringComparison.Ordinal) && word.Length - ending.Length >= atLeast ? word[..^ending.Length] : null;

    // "running" is "run", "calling" is "call".
    private static string? Verb(string word, string ending) => Without(word, ending, 3) switch
    {
        null => null,
        { Length: > 3 } stem when stem[^1] == stem[^2] && stem[^1] is not ('l' or 's') => stem[..^1],
        var stem => stem,
    };
}
