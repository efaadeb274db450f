namespace Sluice.Chat;

/// <summary>What became of an answer.</summary>
internal sealed record AnswerEnding
{
    /// <summary><c>done</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>The text, as far as it came.</summary>
    public required string Text { get; init; }

    /// <summary>The reasoning, as far as it came.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>The tool calls, as JSON; null for none.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>The finish reason; null where the model gave none.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The usage object, as JSON; null where there is none.</summary>
    public string? Usage { get; init; }

    /// <summary>The model that said it answers; null where it did not.</summary>
    public string? Model { get; init; }

    /// <summary>From the question to the first token; null where none came.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>How many times an upstream was called.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Why it failed; null where it did not.</summary>
    public ChatProviderException? Error { get; init; }
}
