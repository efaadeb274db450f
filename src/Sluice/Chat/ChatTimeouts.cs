namespace Sluice.Chat;

/// <summary>How long each stage of an upstream call may take. There is no limit on the whole of a streamed answer.</summary>
/// <remarks>A value that is null is taken from the level above: target, then provider, then <c>Sluice:Timeouts</c>, then <see cref="Defaults"/>.</remarks>
public sealed class ChatTimeouts
{
    /// <summary>What holds where nothing is configured.</summary>
    public static ChatTimeouts Defaults { get; } = new()
    {
        Connect = TimeSpan.FromSeconds(5),
        Headers = TimeSpan.FromMinutes(2),
        FirstToken = TimeSpan.FromMinutes(2),
        Idle = TimeSpan.FromMinutes(1),
        NonStreaming = TimeSpan.FromMinutes(10),
    };

    /// <summary>Until the connection stands, TLS included.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan? Connect { get; init; }

    /// <summary>From the request until the response headers.</summary>
    /// <value>Default 2 min.</value>
    public TimeSpan? Headers { get; init; }

    /// <summary>From the request until the first content, reasoning or tool call. Keep-alives do not extend it.</summary>
    /// <value>Default 2 min.</value>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>Silence after the first token. The upstream's comments reset it; it stands still while Sluice itself does not read.</summary>
    /// <value>Default 1 min; 5 min for Bella.</value>
    public TimeSpan? Idle { get; init; }

    /// <summary>The whole of an answer that is not streamed.</summary>
    /// <value>Default 10 min.</value>
    public TimeSpan? NonStreaming { get; init; }

    /// <summary>These, and for what is not set here, those of <paramref name="above"/>.</summary>
    public ChatTimeouts Over(ChatTimeouts above) => new()
    {
        Connect = Connect ?? above.Connect,
        Headers = Headers ?? above.Headers,
        FirstToken = FirstToken ?? above.FirstToken,
        Idle = Idle ?? above.Idle,
        NonStreaming = NonStreaming ?? above.NonStreaming,
    };
}
