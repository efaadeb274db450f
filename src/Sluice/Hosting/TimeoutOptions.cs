using Sluice.Chat;

namespace Sluice.Hosting;

/// <summary>How long each stage of an upstream call may take. What is unset comes from the level above.</summary>
public sealed class TimeoutOptions
{
    /// <inheritdoc cref="ChatTimeouts.Connect"/>
    public TimeSpan? Connect { get; set; }

    /// <inheritdoc cref="ChatTimeouts.Headers"/>
    public TimeSpan? Headers { get; set; }

    /// <inheritdoc cref="ChatTimeouts.FirstToken"/>
    public TimeSpan? FirstToken { get; set; }

    /// <inheritdoc cref="ChatTimeouts.Idle"/>
    public TimeSpan? Idle { get; set; }

    /// <inheritdoc cref="ChatTimeouts.NonStreaming"/>
    public TimeSpan? NonStreaming { get; set; }

    internal ChatTimeouts Over(ChatTimeouts above) =>
        new ChatTimeouts { Connect = Connect, Headers = Headers, FirstToken = FirstToken, Idle = Idle, NonStreaming = NonStreaming }.Over(above);
}
