using System.Text;

namespace Sluice.Server.Upstream.Scenarios;

/// <summary>An HTTP answer instead of a stream: an error of the provider, a page of something in between, a redirect.</summary>
internal sealed class StatusScenario(int status, string body, string contentType = "application/json") : IScenario
{
    private readonly byte[] _body = Encoding.UTF8.GetBytes(body);

    /// <summary>A response header to add, if any.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>Only requests that end with the assistant's own words; others are answered.</summary>
    public bool PrefillOnly { get; init; }

    public async Task RunAsync(UpstreamCall call)
    {
        if (PrefillOnly && call.Request.Prefill is null)
        {
            await AnswerScenario.Plain.RunAsync(call);
            return;
        }

        if (Header is var (name, value)) call.Response.Headers[name] = value;
        await call.SendAsync(status, contentType, _body);
    }

    /// <summary>An error in OpenAI's shape.</summary>
    public static StatusScenario Error(int status, string message, string type, string? code, string? param = null) =>
        new(status, $$$"""{"error":{"message":"{{{message}}}","type":"{{{type}}}","param":{{{Quote(param)}}},"code":{{{Quote(code)}}}}}""");

    /// <summary>One of Bella's four kinds of 429: status and code are equal, only the text tells them apart.</summary>
    public static StatusScenario Bella429(string message, int? retryAfter = null) =>
        new(429, $$$"""{"error":{"code":"429","httpCode":429,"message":"{{{message}}}","type":"rate_limit"}}""")
        {
            Header = retryAfter is { } seconds ? ("Retry-After", FormattableString.Invariant($"{seconds}")) : null,
        };

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";
}
