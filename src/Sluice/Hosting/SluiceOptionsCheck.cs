using Sluice.Pipeline;

namespace Sluice.Hosting;

/// <summary>What single values cannot show: whether names lead somewhere and each provider has what its type needs.</summary>
internal static class SluiceOptionsCheck
{
    private static readonly string[] LaterTypes = ["anthropic", "gemini", "ollama"];

    /// <summary>What a provider may speak.</summary>
    public static IReadOnlyList<string> Types { get; } = ["bella", "openai", "guide"];

    /// <summary>Everything that is wrong, each with its fix.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="registered">Names of providers that the program itself has registered.</param>
    public static IEnumerable<string> Check(SluiceOptions options, IReadOnlyCollection<string> registered)
    {
        var providers = new HashSet<string>(options.Providers.Keys.Concat(registered), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, provider) in options.Providers)
        {
            var path = $"Sluice:Providers:{name}";
            var type = provider.Type.ToLowerInvariant();
            if (name.Contains('/', StringComparison.Ordinal))
            {
                yield return $"{path}: a provider's name must not hold `/`, which separates provider and model in `provider/model`.";
            }

            if (LaterTypes.Contains(type, StringComparer.Ordinal))
            {
                yield return $"{path}:Type `{provider.Type}` is not supported by this version. Use its OpenAI-compatible address with Type `openai`, where it has one.";
            }
            else if (!Types.Contains(type, StringComparer.Ordinal))
            {
                yield return $"{path}:Type must be one of {string.Join(", ", Types)}, not `{provider.Type}`.";
            }

            if (type == "bella" && provider.BaseUrl is null)
            {
                yield return $"{path}:BaseUrl is missing. Set the address of your Bella OpenAPI, such as https://host/v1 (environment: Sluice__Providers__{name}__BaseUrl, or BELLA_BASE_URL).";
            }
        }

        foreach (var problem in options.Providers.SelectMany(provider => Values($"Sluice:Providers:{provider.Key}", provider.Value)))
        {
            yield return problem;
        }

        foreach (var (name, model) in options.Models)
        {
            if (model.Targets.Count == 0)
            {
                yield return $"Sluice:Models:{name}:Targets is empty. Name at least one {{ \"Provider\": ..., \"Model\": ... }}.";
            }

            if (model.Targets.Count > TargetChoice.MaxTargets)
            {
                yield return $"Sluice:Models:{name}:Targets has {model.Targets.Count} entries. At most {TargetChoice.MaxTargets} can answer for one model.";
            }

            if (model.Hedge.Enabled && model.Targets.Count == 1)
            {
                yield return $"Sluice:Models:{name}:Hedge:Enabled asks a second target beside a slow first one, and there is only one. Add another to Sluice:Models:{name}:Targets.";
            }

            for (var i = 0; i < model.Targets.Count; i++)
            {
                if (!providers.Contains(model.Targets[i].Provider))
                {
                    yield return $"Sluice:Models:{name}:Targets:{i}:Provider `{model.Targets[i].Provider}` is not configured. {Known(providers)}";
                }
            }
        }

        foreach (var problem in Budgets(options))
        {
            yield return problem;
        }

        if (options.DefaultModel is { } chosen && !options.Models.ContainsKey(chosen)
            && !providers.Contains(chosen) && !(chosen.Split('/', 2) is [var provider0, { Length: > 0 }] && providers.Contains(provider0))
            && !(providers.Count == 0 && chosen == "guide"))
        {
            yield return $"Sluice:DefaultModel `{chosen}` leads nowhere. Name a key of Sluice:Models, `provider/model`, or a provider. {Known(providers)}";
        }
    }

    // A budget in cost that nothing is ever booked on would look like one and be none.
    private static IEnumerable<string> Budgets(SluiceOptions options)
    {
        const string Fix = "so nothing would ever be booked on it. Set the price of a million tokens";
        foreach (var (name, model) in options.Models)
        {
            if ((model.Limits.CostPerDay ?? model.Limits.CostPerMonth) is not null && !model.Price.IsSet && !options.Price.IsSet)
            {
                yield return $"Sluice:Models:{name}:Limits sets a budget in cost, and the model has no price, {Fix}: Sluice:Models:{name}:Price or Sluice:Price.";
            }
        }

        if ((options.Limits.Callers.CostPerDay ?? options.Limits.Callers.CostPerMonth) is not null && !options.Price.IsSet && !options.Models.Values.Any(model => model.Price.IsSet))
        {
            yield return $"Sluice:Limits:Callers sets a budget in cost, and no model has a price, {Fix}: Sluice:Price or Sluice:Models:NAME:Price.";
        }
    }

    // What the configuration holds has been checked; what code sets up afterwards has not.
    private static IEnumerable<string> Values(string path, ProviderOptions provider)
    {
        if (provider.BaseUrl is { } url && new Setting("", SettingKind.Url).Check(url) is { } urlProblem)
        {
            yield return $"{path}:BaseUrl {urlProblem}.";
        }

        if (provider.Rescue.Prefix is { } prefix && !KnownPrefix.Words.Contains(prefix, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{path}:Rescue:Prefix must be one of {string.Join(", ", KnownPrefix.Words)}, not `{prefix}`.";
        }

        if (provider.ApiKey is { } key && new Setting("", SettingKind.Secret).Check(key) is { } keyProblem)
        {
            yield return $"{path}:ApiKey {keyProblem}.";
        }
    }

    private static string Known(HashSet<string> providers) => providers.Count == 0
        ? "No provider is configured: add one under Sluice:Providers."
        : $"Configured are: {string.Join(", ", providers.Order(StringComparer.Ordinal))}.";
}
