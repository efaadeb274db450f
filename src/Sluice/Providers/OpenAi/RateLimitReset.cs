using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Sluice.Providers.OpenAi;

/// <summary>When a rate limit ends, as the <c>x-ratelimit-*</c> headers of a refusal say it.</summary>
/// <remarks>Of requests and tokens, the one that has none remaining counts; if none says so, the sooner one, since that is the least that is known.
/// Source: https://platform.openai.com/docs/guides/rate-limits (headers), where times are written as <c>1s</c>, <c>6m0s</c>, <c>250ms</c>.</remarks>
internal static class RateLimitReset
{
    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.");
    private static readonly string[] Kinds = ["requests", "tokens"];

    /// <summary>How long until then; null where the headers do not say.</summary>
    public static TimeSpan? Read(HttpHeaders headers)
    {
        TimeSpan? exhausted = null;
        TimeSpan? soonest = null;
        foreach (var kind in Kinds)
        {
            if (Parse(First(headers, $"x-ratelimit-reset-{kind}")) is not { } reset)
            {
                continue;
            }

            soonest = soonest is null || reset < soonest ? reset : soonest;
            if (First(headers, $"x-ratelimit-remaining-{kind}") == "0")
            {
                exhausted = exhausted is null || reset > exhausted ? reset : exhausted;
            }
        }

        return exhausted ?? soonest;
    }

    /// <summary>Reads <c>1h2m3.5s</c>, <c>250ms</c> or a plain number of seconds.</summary>
    internal static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var seconds = 0.0;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var digits = rest.IndexOfAnyExcept(NumberChars);
            var number = digits < 0 ? rest : rest[..digits];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            rest = rest[number.Length..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            double? factor = unit switch
            {
                "ms" => 0.001,
                "s" or "" => 1,
                "m" => 60,
                "h" => 3600,
                "d" => 86400,
                _ => null,
            };
            if (factor is null)
            {
                return null;
            }

            seconds += value * factor.Value;
        }

        // A number this large is a point in time of some clock, which says nothing without the clock.
        return seconds < 1e8 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static string? First(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
