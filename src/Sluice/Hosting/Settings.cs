using Microsoft.Extensions.Configuration;

namespace Sluice.Hosting;

/// <summary>All settings that exist, and the check of a configuration against them: a misspelt name or a bad value is an error, not silence.</summary>
internal static class Settings
{
    private const double Day = 86400;
    private const double MostTokens = 1e15;
    private const double LeastCost = 0.000001;
    private const double MostCost = 1e9;

    private static readonly string[] TimeoutNames = ["Connect", "Headers", "FirstToken", "Idle", "NonStreaming"];
    private static readonly string[] PriceNames = ["Input", "CachedInput", "Output"];

    /// <summary>All of the library's. A program may know more: <see cref="SluiceBuilder.Settings"/>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("DefaultModel", SettingKind.Text),
        new("KeepAlive", SettingKind.Duration, 1, 300),
        new("Providers:*:Type", SettingKind.Text) { Words = SluiceOptionsCheck.Types },
        new("Providers:*:BaseUrl", SettingKind.Url),
        new("Providers:*:ApiKey", SettingKind.Secret),
        new("Providers:*:Model", SettingKind.Text),
        new("Providers:*:IncludeUsage", SettingKind.Flag),
        new("Providers:*:MaxConcurrency", SettingKind.Number, 1, 1_000_000),
        new("Providers:*:Rescue:Prefix", SettingKind.Text) { Words = KnownPrefix.Words },
        new("Providers:*:Rescue:Restart", SettingKind.Flag),
        new("Providers:*:Rescue:UserTurn", SettingKind.Flag),
        .. Timeouts("Providers:*:"),
        new("Models:*:Fallback", SettingKind.Text),
        new("Models:*:Hedge:Enabled", SettingKind.Flag),
        new("Models:*:Hedge:Delay", SettingKind.Duration, 0.001, 600),
        new("Models:*:Hedge:MaxPercent", SettingKind.Number, 1, 100),
        new("Models:*:Targets:#:Provider", SettingKind.Text),
        new("Models:*:Targets:#:Model", SettingKind.Text),
        new("Models:*:Targets:#:Priority", SettingKind.Number, 1, 1000),
        new("Models:*:Targets:#:Weight", SettingKind.Number, 1, 1000),
        new("Models:*:Targets:#:MaxConcurrency", SettingKind.Number, 1, 1_000_000),
        .. Timeouts("Models:*:Targets:#:"),
        .. Quotas("Models:*:Limits:"),
        .. Prices("Models:*:Price:"),
        .. Prices("Price:"),
        .. Timeouts(""),
        new("Retry:Retries", SettingKind.Number, 0, 10),
        new("Retry:BaseDelay", SettingKind.Duration, 0, 60),
        new("Retry:MaxDelay", SettingKind.Duration, 0, 600),
        new("Retry:MaxRetryAfter", SettingKind.Duration, 0, 600),
        new("Retry:MaxAttempts", SettingKind.Number, 1, 100),
        new("Retry:Within", SettingKind.Duration, 1, Day),
        new("Retry:BudgetPercent", SettingKind.Number, 0, 1000),
        new("Rescue:Enabled", SettingKind.Flag),
        new("Rescue:Reset", SettingKind.Flag),
        new("Rescue:MaxBytes", SettingKind.Number, 1024, 256 * 1024 * 1024),
        new("Breaker:Enabled", SettingKind.Flag),
        new("Breaker:FailurePercent", SettingKind.Number, 1, 100),
        new("Breaker:Window", SettingKind.Duration, 1, 3600),
        new("Breaker:MinimumCalls", SettingKind.Number, 2, 10_000),
        new("Breaker:Break", SettingKind.Duration, 1, 3600),
        new("Limits:MaxRequestBytes", SettingKind.Number, 1024, 1024 * 1024 * 1024),
        new("Limits:MaxEventBytes", SettingKind.Number, 1024, 256 * 1024 * 1024),
        new("Limits:MaxMalformedChunks", SettingKind.Number, 0, 10_000),
        .. Quotas("Limits:Callers:"),
        new("Limits:ExpectedAnswerTokens", SettingKind.Number, 1, 1_000_000),
        new("Limits:SpendingFile", SettingKind.Text),
        new("Health:ProbeEvery", SettingKind.Duration, 0, Day),
        new("Metrics:Prometheus", SettingKind.Flag),
        new("Streams:Unwatched", SettingKind.Duration, 1, Day),
        new("Streams:TimeToLive", SettingKind.Duration, 1, Day),
        new("Streams:MaxRetainedBytes", SettingKind.Number, 0, int.MaxValue),
        new("Streams:MaxTotalBytes", SettingKind.Number, 1024 * 1024, int.MaxValue),
        new("Streams:MaxLogBytes", SettingKind.Number, 64 * 1024, int.MaxValue),
        new("Streams:MaxLogEvents", SettingKind.Number, 100, int.MaxValue),
        new("Streams:MaxLagBytes", SettingKind.Number, 64 * 1024, int.MaxValue),
        new("Streams:MaxLagEvents", SettingKind.Number, 200, int.MaxValue),
        new("Streams:MaxBlocked", SettingKind.Duration, 1, 3600),
        new("Shutdown:Grace", SettingKind.Duration, 0, 3600),
    ];

    /// <summary>Everything that is wrong with a configuration, each with its fix.</summary>
    /// <param name="section">The <c>Sluice</c> section.</param>
    /// <param name="all">The settings that exist.</param>
    public static IEnumerable<string> Check(IConfiguration section, IReadOnlyList<Setting> all) => section.GetChildren().SelectMany(child => Check(child, child.Key, all));

    /// <summary>Those settings of a configuration that exist and have a good value.</summary>
    /// <param name="section">The <c>Sluice</c> section.</param>
    /// <param name="all">The settings that exist.</param>
    public static IConfiguration Sound(IConfiguration section, IReadOnlyList<Setting> all) => new ConfigurationBuilder()
        .AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true)
            .Where(pair => all.Any(setting => IsGroup(setting, pair) || (Matches(setting.Path, pair.Key, whole: true) && setting.Check(pair.Value ?? "") is null))))
        .Build();

    // A name without a value may hold an empty group, which is what the check of the whole has to see.
    private static bool IsGroup(Setting setting, KeyValuePair<string, string?> pair) => string.IsNullOrEmpty(pair.Value) && Matches(setting.Path, pair.Key, whole: false);

    private static IEnumerable<string> Check(IConfigurationSection section, string path, IReadOnlyList<Setting> all)
    {
        var setting = all.FirstOrDefault(setting => Matches(setting.Path, path, whole: true));
        if (setting is not null)
        {
            var problem = setting.Check(section.Value ?? "");
            return problem is null ? [] : [$"Sluice:{path} {problem}."];
        }

        if (!all.Any(known => Matches(known.Path, path, whole: false)))
        {
            var parent = path.Contains(':', StringComparison.Ordinal) ? path[..path.LastIndexOf(':')] : "";
            var names = all.Where(known => parent.Length == 0 || Matches(known.Path, parent, whole: false))
                .Select(known => known.Path.Split(':')[parent.Length == 0 ? 0 : parent.Split(':').Length]).Distinct(StringComparer.Ordinal);
            return [$"Sluice:{path} is no setting. There are: {string.Join(", ", names)}."];
        }

        var children = section.GetChildren().ToList();
        return children.Count == 0 && !string.IsNullOrEmpty(section.Value)
            ? [$"Sluice:{path} holds settings of its own and takes no value."]
            : children.SelectMany(child => Check(child, $"{path}:{child.Key}", all));
    }

    private static bool Matches(string pattern, string path, bool whole)
    {
        var wanted = pattern.Split(':');
        var given = path.Split(':');
        return (whole ? given.Length == wanted.Length : given.Length < wanted.Length)
            && given.Zip(wanted).All(pair => IsNamed(pair.Second, pair.First));
    }

    private static bool IsNamed(string pattern, string name) => pattern switch
    {
        "*" => true,
        "#" => name.All(char.IsAsciiDigit),
        _ => string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase),
    };

    private static IEnumerable<Setting> Quotas(string prefix) =>
    [
        new(prefix + "RequestsPerMinute", SettingKind.Number, 1, 1_000_000_000),
        new(prefix + "TokensPerMinute", SettingKind.Number, 1, 1_000_000_000),
        new(prefix + "ConcurrentStreams", SettingKind.Number, 1, 1_000_000),
        new(prefix + "TokensPerDay", SettingKind.Number, 1, MostTokens),
        new(prefix + "TokensPerMonth", SettingKind.Number, 1, MostTokens),
        new(prefix + "CostPerDay", SettingKind.Amount, LeastCost, MostCost),
        new(prefix + "CostPerMonth", SettingKind.Amount, LeastCost, MostCost),
    ];

    private static IEnumerable<Setting> Prices(string prefix) => PriceNames.Select(name => new Setting(prefix + name, SettingKind.Amount, 0, 1_000_000));

    private static IEnumerable<Setting> Timeouts(string prefix) =>
        TimeoutNames.Select(name => new Setting($"{prefix}Timeouts:{name}", SettingKind.Duration, 0.001, Day));
}
