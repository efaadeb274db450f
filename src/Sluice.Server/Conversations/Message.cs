namespace Sluice.Server.Conversations;

/// <summary>A stored message.</summary>
internal sealed record Message
{
    /// <summary>The role of questions.</summary>
    public const string User = "user";

    /// <summary>The role of answers.</summary>
    public const string Assistant = "assistant";

    /// <summary>The role of what a model is told beforehand.</summary>
    public const string System = "system";

    /// <summary>The state of an answer that is under way.</summary>
    public const string Running = "running";

    /// <summary>The state of what is whole.</summary>
    public const string Done = "done";

    /// <summary>The state of an answer that failed.</summary>
    public const string Failed = "failed";

    /// <summary>The state of an answer that somebody stopped.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The error code of an answer whose server died.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>The message that it follows; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary><see cref="User"/>, <see cref="Assistant"/> or <see cref="System"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Its text; of an answer under way what has been stored so far.</summary>
    public required string Content { get; init; }

    /// <summary>The model's reasoning.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary><see cref="Running"/>, <see cref="Done"/>, <see cref="Failed"/> or <see cref="Cancelled"/>.</summary>
    public string State { get; init; } = Done;

    /// <summary>Whether an answer ended without being whole.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The model that answered; null where nobody said.</summary>
    public string? Model { get; init; }

    /// <summary>The stream that carried the answer; null where none did.</summary>
    public string? Stream { get; init; }

    /// <summary>The finish reason; null where the model gave none.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Why an answer failed, as a code; null where it did not.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Why an answer failed, in words; null where it did not.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The usage object as JSON; null for none.</summary>
    public string? Usage { get; init; }

    /// <summary>The tool calls as JSON; null for none.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>From the question to the first token, in milliseconds; null where none came.</summary>
    public double? TimeToFirstToken { get; init; }

    /// <summary>From the question to the end, in milliseconds; null where it has not ended.</summary>
    public double? Duration { get; init; }

    /// <summary>How many times an upstream was called; null where nobody counted.</summary>
    public long? Attempts { get; init; }

    /// <summary>When it was made, in milliseconds since 1970 (UTC).</summary>
    public long Created { get; init; }
}
