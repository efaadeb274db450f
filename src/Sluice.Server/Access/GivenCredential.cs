using Microsoft.Extensions.Primitives;

namespace Sluice.Server.Access;

/// <summary>What a request brings to say who asks.</summary>
/// <param name="Text">The key or token; null where the headers bring none, or contradict each other.</param>
/// <param name="Problem">What is wrong with the headers; null if nothing is.</param>
/// <param name="IsBearer">Whether it stands in <c>Authorization</c>.</param>
internal readonly record struct GivenCredential(string? Text, string? Problem, bool IsBearer)
{
    private const string Scheme = "Bearer ";

    /// <summary>Reads <c>Authorization: Bearer</c>, <c>x-api-key</c> and <c>api-key</c>, as the SDKs send them.</summary>
    public static GivenCredential Of(IHeaderDictionary headers)
    {
        var (bearer, first, second) = (headers.Authorization, headers["x-api-key"], headers["api-key"]);
        if (bearer.Count + first.Count + second.Count == 0)
        {
            return default;
        }

        // Two that differ: which one counts would be a guess, and another's guess may differ.
        if (bearer.Count > 1 || first.Count > 1 || second.Count > 1)
        {
            return new(null, "A header with a key stands there more than once. Send one key.", false);
        }

        if (bearer.Count == 1 && !bearer.ToString().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(null, "`Authorization` must be `Bearer` and the key.", false);
        }

        var given = new[] { bearer.Count == 1 ? bearer.ToString()[Scheme.Length..].Trim() : null, Value(first), Value(second) }.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return given.Count == 1 ? new(given[0], null, bearer.Count == 1) : new(null, "Different keys stand in the headers. Send one key.", false);
    }

    private static string? Value(StringValues header) => header.Count == 1 ? header.ToString().Trim() : null;
}
