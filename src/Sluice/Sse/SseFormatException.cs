namespace Sluice.Sse;

/// <summary>An event stream passed a limit of its reader. The stream cannot be read further.</summary>
public sealed class SseFormatException : Exception
{
    /// <summary>Makes the exception for one kind of refusal.</summary>
    /// <param name="kind">What was passed.</param>
    /// <param name="limit">The limit, in bytes.</param>
    public SseFormatException(SseFormatError kind, int limit)
        : base(Describe(kind, limit)) => Kind = kind;

    /// <summary>What was passed.</summary>
    public SseFormatError Kind { get; }

    private static string Describe(SseFormatError kind, int limit) =>
        $"{(kind == SseFormatError.LineTooLong ? "A line" : "An event")} of the event stream is longer than {limit} bytes.";
}
