namespace Sluice.Server.Access;

/// <summary>Who may call which endpoint. Whatever stands in none of these lists is the administrators' alone.</summary>
internal static class AccessRules
{
    /// <summary>The policy of those who look on.</summary>
    public const string Read = "read";

    /// <summary>The policy of those who ask.</summary>
    public const string Ask = "ask";

    /// <summary>The policy of those who look on, and of a link to the one stream.</summary>
    public const string Follow = "follow";

    /// <summary>The role of a link to one stream.</summary>
    public const string Follower = "follower";

    // Everyone, without saying who: all there is of that. The pages' scripts and styles are no secret, and the sign-in page needs its own.
    private static readonly HashSet<string> Anonymous = new(StringComparer.Ordinal) { "/healthz", "/readyz", "/login", "/assets/{file}", "/favicon.svg", "/licenses.md", "/reference/favicon.svg", "/reference/scalar.js", "/reference/scalar.aspnetcore.js" };

    private static readonly HashSet<string> EventStreams = new(StringComparer.Ordinal) { "/ask/stream", "/v1/chat/completions", "/v1/streams/{id}/events", "/status/events" };

    private static readonly Dictionary<string, string> Policies = new(StringComparer.Ordinal)
    {
        ["/ask/stream"] = Ask,
        ["/v1/chat/completions"] = Ask,
        ["/v1/streams/{id}/cancel"] = Ask,
        ["/v1/conversations"] = Ask,
        ["/v1/conversations/{id}"] = Ask,
        ["/v1/conversations/{id}/export"] = Ask,
        ["/v1/streams/{id}/events"] = Follow,
        ["/v1/streams/{id}"] = Read,
        ["/v1/streams/{id}/capability"] = Read,
        ["/v1/models"] = Read,
        ["/v1/models/{**id}"] = Read,
        ["/logout"] = Read,
        ["/"] = Read,
        ["/openapi/v1.json"] = Read,
        ["/reference"] = Read,
        ["/reference/{documentName?}"] = Read,
    };

    /// <summary>Whether everyone may call an endpoint.</summary>
    /// <param name="pattern">Its route.</param>
    public static bool IsAnonymous(string pattern) => Anonymous.Contains(pattern);

    /// <summary>Whether an endpoint may answer with an event stream.</summary>
    /// <param name="endpoint">The endpoint; null where there is none.</param>
    public static bool IsEventStream(Endpoint? endpoint) => endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern } && EventStreams.Contains(pattern);

    /// <summary>The policy of an endpoint; null for the administrators'.</summary>
    /// <param name="pattern">Its route.</param>
    public static string? PolicyOf(string pattern) => Policies.GetValueOrDefault(pattern);
}
