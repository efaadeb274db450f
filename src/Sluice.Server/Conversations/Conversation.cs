namespace Sluice.Server.Conversations;

/// <summary>What is known of a conversation, without its messages.</summary>
internal sealed record Conversation
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>What lists show.</summary>
    public required string Title { get; init; }

    /// <summary>The message shown last; null where there is none.</summary>
    public string? Head { get; init; }

    /// <summary>When it began, in milliseconds since 1970 (UTC).</summary>
    public required long Created { get; init; }

    /// <summary>When something was last said or changed, in milliseconds since 1970 (UTC).</summary>
    public required long Updated { get; init; }

    /// <summary>Whether an answer is under way.</summary>
    public bool IsRunning { get; init; }
}
