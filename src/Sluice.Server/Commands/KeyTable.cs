using System.Globalization;
using Sluice.Chat;
using Sluice.Server.Access;

namespace Sluice.Server.Commands;

/// <summary>Keys as lines of text.</summary>
internal static class KeyTable
{
    /// <summary>What is known of a key, on one line.</summary>
    public static string Describe(ApiKeyRecord key, DateTimeOffset now)
    {
        string?[] parts =
        [
            key.Id,
            $"\"{key.Name}\"",
            RoleNames.Of(key.Role),
            State(key, now),
            $"made {Day(key.Created)}",
            key.Owner == key.Id ? null : $"for {key.Owner}",
            key.Models is null ? null : $"models {string.Join(",", key.Models)}",
            .. Limits(key.Limits ?? new CallerLimits()),
        ];
        return string.Join("  ", parts.OfType<string>());
    }

    private static string State(ApiKeyRecord key, DateTimeOffset now) => key.StateAt(now) switch
    {
        ApiKeyState.Revoked => $"revoked {Day(key.Revoked!.Value)}",
        ApiKeyState.Expired => $"expired {Day(key.Expires!.Value)}",
        _ => key.Expires is { } expires ? $"active until {expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}" : "active",
    };

    private static IEnumerable<string?> Limits(CallerLimits limits)
    {
        yield return Limit("requests/min", limits.RequestsPerMinute);
        yield return Limit("tokens/min", limits.TokensPerMinute);
        yield return Limit("streams", limits.ConcurrentStreams);
        yield return Limit("tokens/day", limits.TokensPerDay);
        yield return Limit("tokens/month", limits.TokensPerMonth);
        yield return Limit("cost/day", limits.CostPerDay);
        yield return Limit("cost/month", limits.CostPerMonth);
    }

    private static string? Limit(string name, IFormattable? value) => value is null ? null : $"{name} {value.ToString(null, CultureInfo.InvariantCulture)}";

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
