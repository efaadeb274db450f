namespace Sluice.Sse;

/// <summary>What a line of an event stream is.</summary>
internal enum SseField
{
    Unknown,
    Comment,
    Data,
    Event,
    Id,
    Retry,
}
