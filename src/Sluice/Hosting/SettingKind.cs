namespace Sluice.Hosting;

/// <summary>What may stand behind a setting's name.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>An absolute http or https address.</summary>
    Url,

    /// <summary>A key or password.</summary>
    Secret,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A whole number within bounds.</summary>
    Number,

    /// <summary>An amount of money or the like, within bounds.</summary>
    Amount,

    /// <summary>A time span within bounds, in seconds.</summary>
    Duration,
}
