namespace Sluice.Sse;

/// <summary>Where a call of <see cref="SseEventParser.Parse"/> stopped.</summary>
internal enum SseParseStatus
{
    /// <summary>All input was taken; no event is whole yet.</summary>
    NeedInput,

    /// <summary><see cref="SseEventParser.Current"/> holds an event; there may be input left.</summary>
    Event,

    /// <summary><see cref="SseEventParser.Error"/> says which limit was passed.</summary>
    Failed,
}
