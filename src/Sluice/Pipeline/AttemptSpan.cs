using System.Diagnostics;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>The span of one upstream call: a part of its generation's, and what the upstream's own spans become parts of.</summary>
internal static class AttemptSpan
{
    /// <summary>Begins it.</summary>
    /// <param name="request">What is asked; comes back as a part of the span.</param>
    /// <param name="provider">The provider's name in the configuration.</param>
    /// <param name="reason">Why it is called.</param>
    /// <returns>Null where nobody wants it, or the generation has none.</returns>
    public static Activity? Start(ref ChatRequest request, string provider, AttemptReason reason)
    {
        if (request.Origin.Trace == default || SluiceTraces.Start("chat", ActivityKind.Client, request.Origin.Trace) is not { } span)
        {
            return null;
        }

        request = request.From(request.Origin with { Trace = span.Context });
        span.DisplayName = $"chat {provider}";
        span.SetTag("gen_ai.operation.name", "chat");
        span.SetTag("gen_ai.provider.name", provider);
        span.SetTag("gen_ai.request.model", request.Model);
        span.SetTag("sluice.attempt.reason", AttemptMetrics.Word(reason));
        return span;
    }
}
