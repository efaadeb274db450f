using System.Collections.Concurrent;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Who serves which model: one configuration, resolved. Never changed; a reload makes a new one.</summary>
/// <param name="Routes">The configured models, by name.</param>
/// <param name="Upstreams">The providers, by name.</param>
/// <param name="DefaultModel">What is asked where a request names no model: a key of <paramref name="Routes"/>, <c>provider/model</c>, or a provider's name.</param>
internal sealed record RoutingTable(
    IReadOnlyDictionary<string, ChatRoute> Routes,
    IReadOnlyDictionary<string, RoutingTable.Upstream> Upstreams,
    string DefaultModel)
{
    /// <summary>How often a question is asked again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>What becomes of an answer that breaks off.</summary>
    public RescueOptions Rescue { get; init; } = new();

    /// <summary>Finds the route by name alone, without asking any upstream.</summary>
    /// <param name="model">A configured model, <c>provider/model</c>, a provider's name, or null for the default model.</param>
    public ChatRoute? Find(string? model)
    {
        var name = string.IsNullOrEmpty(model) ? DefaultModel : model;
        if (Routes.TryGetValue(name, out var route))
        {
            return route;
        }

        if (Upstreams.TryGetValue(name, out var upstream))
        {
            return new ChatRoute(name, [upstream.Target]);
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < name.Length - 1 && Upstreams.TryGetValue(name[..slash], out upstream)
            ? upstream.RouteTo(name, name[(slash + 1)..])
            : null;
    }

    /// <summary>A provider as the table knows it.</summary>
    /// <param name="Target">It, for any model.</param>
    /// <param name="Directory">What models it has; null where it cannot say.</param>
    internal sealed record Upstream(ChatTarget Target, ModelDirectory? Directory)
    {
        // Names come from clients: there may be no end of them.
        private const int MaxKnown = 256;

        private readonly ConcurrentDictionary<string, ChatRoute> _known = new(StringComparer.Ordinal);

        /// <summary>The route to one of its models: the same for everyone, so that no stream holds one of its own.</summary>
        /// <param name="name">The name that was asked for.</param>
        /// <param name="model">The model's name there.</param>
        public ChatRoute RouteTo(string name, string model)
        {
            if (_known.TryGetValue(name, out var route))
            {
                return route;
            }

            route = new ChatRoute(name, [Target with { Model = model }]);
            return _known.Count < MaxKnown ? _known.GetOrAdd(name, route) : route;
        }
    }
}
