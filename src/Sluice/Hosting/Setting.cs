using System.Globalization;

namespace Sluice.Hosting;

/// <summary>One setting: where it stands and what it may be.</summary>
/// <param name="Path">Its path below <c>Sluice</c>; <c>*</c> stands for a name that the user chooses, <c>#</c> for a place in a list.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Min">The least, for numbers and (in seconds) durations.</param>
/// <param name="Max">The most.</param>
internal sealed record Setting(string Path, SettingKind Kind, double Min = 0, double Max = 0)
{
    /// <summary>The only words that it may be; empty where there are none such.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What is wrong with a value, and the fix; null where it is right. Never repeats a secret.</summary>
    public string? Check(string value) => Kind switch
    {
        SettingKind.Url => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? null : "must be an absolute http or https address without a user name, such as https://host/v1",
        SettingKind.Secret => value.Length == 0 ? "is empty. Set the key, or remove the setting where the upstream wants none"
            : value.Any(c => c is <= ' ' or > '~') ? "holds white space or characters outside ASCII. Paste the key again, without quotes or line breaks" : null,
        SettingKind.Flag => bool.TryParse(value, out _) ? null : $"must be true or false, not `{value}`",
        SettingKind.Number => long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= Min && number <= Max
            ? null : $"must be a whole number from {Min:0} to {Max:0}, not `{value}`",
        SettingKind.Amount => decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount >= (decimal)Min && amount <= (decimal)Max
            ? null : $"must be a number from {Min.ToString(CultureInfo.InvariantCulture)} to {Max:0}, not `{value}`",
        SettingKind.Duration => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var span) && span.TotalSeconds >= Min && span.TotalSeconds <= Max
            ? null : $"must be a time as hh:mm:ss from {Text(Min)} to {Text(Max)}, not `{value}`",
        _ => value.Length == 0 ? "is empty. Set it, or remove it" : null,
    };

    private static string Text(double seconds) => TimeSpan.FromSeconds(seconds).ToString(seconds < 1 && seconds > 0 ? @"hh\:mm\:ss\.fff" : "c", CultureInfo.InvariantCulture);
}
