using System.CommandLine;
using System.Globalization;

namespace Sluice.Server.Commands;

/// <summary>`--expires`: a time from now (`30d`, `12h`, `45m`) or a date.</summary>
internal static class ExpiryOption
{
    public static Option<DateTimeOffset?> Create(TimeProvider time) => new("--expires")
    {
        Description = "how long it can be used: 30d, 12h, 45m, or until a date (UTC): 2030-01-01; without it for ever",
        HelpName = "30d|DATE",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            var now = time.GetUtcNow();
            if (Parse(text, now) is { } expires && expires > now) return expires;
            result.AddError($"--expires wants a time from now on, such as 30d, 12h or 45m, or a date such as 2030-01-01, not '{text}'.");
            return null;
        },
    };

    private static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000)
        {
            return text[^1] switch
            {
                'd' => now.AddDays(count),
                'h' => now.AddHours(count),
                'm' => now.AddMinutes(count),
                _ => null,
            };
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date.ToUniversalTime() : null;
    }
}
