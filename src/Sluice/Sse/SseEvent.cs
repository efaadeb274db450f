namespace Sluice.Sse;

/// <summary>One event of an event stream, as slices of memory that its <see cref="SseReader"/> owns.</summary>
/// <remarks>Every slice is valid until the next <see cref="SseReader.ReadAsync"/>; whoever keeps it copies it.</remarks>
public readonly struct SseEvent
{
    internal SseEvent(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> eventType, bool isTerminated)
    {
        Data = data;
        EventType = eventType;
        IsTerminated = isTerminated;
    }

    /// <summary>The values of the <c>data</c> fields, joined by LF; raw bytes, not checked to be UTF-8.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The value of the last <c>event</c> field; empty stands for <c>message</c>.</summary>
    public ReadOnlyMemory<byte> EventType { get; }

    /// <summary>
    /// False when the input ended before the blank line that dispatches the event. WHATWG drops such an event;
    /// here the caller decides. Its last line may be cut anywhere.
    /// </summary>
    public bool IsTerminated { get; }

    /// <summary>True where this is no event, but a sign of life: see <see cref="SseReaderOptions.ReportKeepAlives"/>.</summary>
    public bool IsKeepAlive { get; private init; }

    internal static SseEvent KeepAlive => new(default, default, isTerminated: true) { IsKeepAlive = true };
}
