using System.Diagnostics;

namespace Sluice.Diagnostics;

/// <summary>The one source of spans, and how they begin and end here: a span is never the current one for longer than its own beginning.</summary>
/// <remarks>A current Activity is ambient state: each continuation of each token would carry an ExecutionContext around. So spans are handed on by hand. Off, which is when nobody
/// listens, a span is null.</remarks>
internal static class SluiceTraces
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Sluice";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Begins a span.</summary>
    /// <param name="name">Its name; few values.</param>
    /// <param name="kind">Who calls whom.</param>
    /// <param name="parent">What it is a part of; default for what is current, or nothing.</param>
    /// <returns>Null where nobody wants it.</returns>
    public static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        if (!IsOn)
        {
            return null;
        }

        var current = Activity.Current;
        var span = Source.StartActivity(name, kind, parent);
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends a span.</summary>
    /// <param name="span">It.</param>
    /// <param name="errorType">An error code, or null for none.</param>
    public static void Stop(Activity span, string? errorType)
    {
        if (errorType is not null)
        {
            span.SetTag("error.type", errorType);
            span.SetStatus(ActivityStatusCode.Error);
        }

        // On whatever thread this is, what is current there stays so.
        var current = Activity.Current;
        span.Stop();
        Activity.Current = current;
    }

    /// <summary>A span's name on the wire: https://www.w3.org/TR/trace-context/#traceparent-header</summary>
    public static string Traceparent(ActivityContext span) =>
        $"00-{span.TraceId.ToHexString()}-{span.SpanId.ToHexString()}-{(span.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}
