using System.Diagnostics;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>The span of one generation, in the words of the OpenTelemetry GenAI conventions. Says who, how long and how much; never what.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/</remarks>
internal static class GenerationSpan
{
    /// <summary>Begins it, as a part of the span that the client has named.</summary>
    /// <param name="request">The question.</param>
    /// <param name="traced">The question, for the calls that are parts of the span.</param>
    /// <returns>Null where nobody wants it.</returns>
    public static Activity? Start(ChatRequest request, out ChatRequest traced)
    {
        var span = SluiceTraces.Start("chat", ActivityKind.Server, request.Origin.Trace);

        // Without a span the client's own goes no further: nobody has asked for that.
        traced = span is null && request.Origin.Trace == default ? request : request.From(request.Origin with { Trace = span?.Context ?? default });
        return span;
    }

    /// <summary>Ends it.</summary>
    /// <param name="span">The span.</param>
    /// <param name="request">The question.</param>
    /// <param name="report">What came of it.</param>
    public static void Stop(Activity span, ChatRequest request, GenerationReport report)
    {
        span.DisplayName = $"chat {report.Model}";
        if (span.IsAllDataRequested)
        {
            span.SetTag("gen_ai.operation.name", "chat");
            span.SetTag("gen_ai.request.model", report.Model);
            span.SetTag("gen_ai.usage.input_tokens", report.Input.Tokens);
            span.SetTag("gen_ai.usage.output_tokens", report.Output.Tokens);
            span.SetTag("sluice.request.id", request.Origin.RequestId);
            span.SetTag("sluice.stream.id", request.Origin.StreamId);
            span.SetTag("sluice.key.id", request.Caller.KeyId);
            span.SetTag("sluice.time_to_first_token", report.FirstToken);
        }

        SluiceTraces.Stop(span, report.ErrorType);
    }
}
