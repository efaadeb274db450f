using Microsoft.Extensions.DependencyInjection;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Pipeline;
using Sluice.Providers.Bella;
using Sluice.Providers.Guide;
using Sluice.Providers.Message;
using Sluice.Providers.OpenAi;

namespace Sluice.Hosting;

/// <summary>Makes providers out of the configuration, and the table that says who serves which model.</summary>
/// <remarks>A provider whose settings a reload did not change is kept, with its connections. One that is no longer named finishes what it is asked.</remarks>
internal sealed class RoutingTableFactory(SluiceBuilder builder, IServiceProvider services, SluiceMetrics metrics, TimeProvider time)
{
    private static readonly Uri OpenAiUrl = new("https://api.openai.com/v1");

    private readonly TargetHealthRegistry _health = new(time);
    private readonly Dictionary<string, IChatProvider> _registered = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<ProviderKey, (IChatProvider Provider, ModelDirectory? Directory)> _made = [];

    /// <summary>The table for a configuration.</summary>
    public RoutingTable Create(SluiceOptions options)
    {
        var made = new Dictionary<ProviderKey, (IChatProvider, ModelDirectory?)>();
        var upstreams = new Dictionary<string, RoutingTable.Upstream>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, provider) in options.Providers)
        {
            upstreams[name] = Upstream(name, provider, target: null, options, made);
        }

        foreach (var (name, create) in builder.Registered)
        {
            if (!_registered.ContainsKey(name))
            {
                _registered[name] = create(services);
            }

            upstreams[name] = Registered(name, target: null, options);
        }

        if (upstreams.Count == 0)
        {
            upstreams["guide"] = Upstream("guide", new ProviderOptions { Type = "guide" }, target: null, options, made);
        }

        var routes = options.Models.ToDictionary(
            model => model.Key,
            model => new ChatRoute(model.Key, [.. model.Value.Targets.Select((target, i) => Target(target, i + 1, options, upstreams, made)), .. LastWord(model.Value)]) { Hedging = Hedging(model.Value.Hedge) },
            StringComparer.Ordinal);
        _made = made;
        _health.Settle();
        return new RoutingTable(routes, upstreams, options.DefaultModel ?? routes.Keys.FirstOrDefault() ?? upstreams.Keys.First())
        {
            Retry = Retry(options.Retry),
            Rescue = new RescueOptions { Enabled = options.Rescue.Enabled, Reset = options.Rescue.Reset, MaxBytes = options.Rescue.MaxBytes },
        };
    }

    private ChatTarget Target(
        TargetOptions target, int place, SluiceOptions options, Dictionary<string, RoutingTable.Upstream> upstreams, Dictionary<ProviderKey, (IChatProvider, ModelDirectory?)> made)
    {
        var upstream = _registered.ContainsKey(target.Provider) ? Registered(target.Provider, target, options)
            : options.Providers.TryGetValue(target.Provider, out var provider) ? Upstream(target.Provider, provider, target, options, made)
            : upstreams[target.Provider];
        return upstream.Target with
        {
            Model = target.Model ?? upstream.Target.Model,
            Priority = target.Priority ?? place,
            Weight = target.Weight,

            // The guide is no model: whoever names it beside one wants it asked when no model is to be had.
            IsLastResort = place > 1 && options.Providers.TryGetValue(target.Provider, out var named) && named.Type.Equals("guide", StringComparison.OrdinalIgnoreCase),
        };
    }

    // A provider of the application's own. The configuration may name it too, for its model and limits.
    private RoutingTable.Upstream Registered(string name, TargetOptions? target, SluiceOptions options)
    {
        var timeouts = options.Timeouts.Over(ChatTimeouts.Defaults);
        var configured = options.Providers.TryGetValue(name, out var provider) ? provider : null;
        timeouts = configured?.Timeouts.Over(timeouts) ?? timeouts;
        timeouts = target?.Timeouts.Over(timeouts) ?? timeouts;
        var chat = new ChatTarget(name, new TimeoutProvider(_registered[name], timeouts, time), configured?.Model);
        return new(chat with { Health = Health(name, target, configured, options), Rescue = Ways(configured ?? new ProviderOptions()) }, null);
    }

    private RoutingTable.Upstream Upstream(
        string name, ProviderOptions provider, TargetOptions? target, SluiceOptions options, Dictionary<ProviderKey, (IChatProvider, ModelDirectory?)> made)
    {
        var type = provider.Type.ToLowerInvariant();
        var timeouts = provider.Timeouts.Over(type == "bella" ? new ChatTimeouts { Idle = BellaProvider.Idle } : new ChatTimeouts())
            .Over(options.Timeouts.Over(ChatTimeouts.Defaults));
        timeouts = target?.Timeouts.Over(timeouts) ?? timeouts;

        // The connect limit belongs to the connection pool: a target with one of its own has a pool of its own.
        var key = new ProviderKey(name, type, provider.BaseUrl, provider.ApiKey, provider.IncludeUsage, timeouts.Connect!.Value, options.Limits.MaxEventBytes, options.Limits.MaxMalformedChunks);
        if (!made.TryGetValue(key, out var known) && !_made.TryGetValue(key, out known))
        {
            var created = Create(key);
            known = (created, created is IModelSource source ? new ModelDirectory(source, time) : null);
        }

        made[key] = known;
        var chat = new ChatTarget(name, new TimeoutProvider(known.Item1, timeouts, time), provider.Model ?? (type == "guide" ? "guide" : null));
        return new(chat with { Health = Health(key, target, provider, options), Rescue = Ways(provider) }, known.Item2);
    }

    private IEnumerable<ChatTarget> LastWord(ModelOptions model) => model.Fallback is not { } text ? []
        : [new ChatTarget(MessageProvider.Model, new MessageProvider(text, time), MessageProvider.Model) { IsLastResort = true }];

    // A target of the configuration has a health of its own. Whoever asks for `provider/model` shares that of the provider, which has no circuit: models of one
    // provider fail for reasons of their own, and there is nobody else to go to.
    private TargetHealth Health(object provider, TargetOptions? target, ProviderOptions? configured, SluiceOptions options) => _health.Get(
        provider, target is null ? null : target.Model ?? "", target?.MaxConcurrency, configured?.MaxConcurrency, new BreakerOptions
        {
            Enabled = options.Breaker.Enabled && target is not null,
            FailurePercent = options.Breaker.FailurePercent,
            Window = options.Breaker.Window,
            MinimumCalls = options.Breaker.MinimumCalls,
            Break = options.Breaker.Break,
        });

    private static RescueWays Ways(ProviderOptions provider) => new() { Prefix = KnownPrefix.Of(provider), Restart = provider.Rescue.Restart, UserTurn = provider.Rescue.UserTurn };

    private static Hedging? Hedging(HedgeSettings settings) =>
        settings.Enabled ? new Hedging(new HedgeOptions { Delay = settings.Delay, MaxPercent = settings.MaxPercent }) : null;

    private static RetryOptions Retry(RetrySettings settings) => new()
    {
        Retries = settings.Retries,
        BaseDelay = settings.BaseDelay,
        MaxDelay = settings.MaxDelay,
        MaxRetryAfter = settings.MaxRetryAfter,
        MaxAttempts = settings.MaxAttempts,
        Within = settings.Within,
        BudgetPercent = settings.BudgetPercent,
    };

    private IChatProvider Create(ProviderKey key)
    {
        var options = new OpenAiProviderOptions
        {
            BaseUrl = key.BaseUrl is null ? OpenAiUrl : new Uri(key.BaseUrl),
            ApiKey = key.ApiKey is null ? null : new Secret(key.ApiKey),
            IncludeUsage = key.IncludeUsage,
            ConnectTimeout = key.Connect,
            MaxEventBytes = key.MaxEventBytes,
            MaxMalformedChunks = key.MaxMalformedChunks,
        };
        return key.Type switch
        {
            "guide" => new GuideProvider(time, new GuideOptions()),
            "bella" => new BellaProvider(key.Name, options, metrics, time),
            _ => new OpenAiProvider(key.Name, options, metrics, time),
        };
    }

    /// <summary>What makes a provider another one. Its text leaves out the key.</summary>
    private readonly record struct ProviderKey(
        string Name, string Type, string? BaseUrl, string? ApiKey, bool IncludeUsage, TimeSpan Connect, int MaxEventBytes, int MaxMalformedChunks)
    {
        public override string ToString() => $"{Name} ({Type})";
    }
}
