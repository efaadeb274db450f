namespace Sluice.Sse;

/// <summary>Why an event stream was refused. All else is legal: WHATWG gives every sequence of bytes a meaning.</summary>
public enum SseFormatError
{
    /// <summary>A single line is longer than <see cref="SseReaderOptions.MaxEventBytes"/>.</summary>
    LineTooLong,

    /// <summary>The lines of one event together are longer than <see cref="SseReaderOptions.MaxEventBytes"/>.</summary>
    EventTooLong,
}
