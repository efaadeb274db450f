using System.Text.Json;

namespace Sluice.Chat;

/// <summary>The fields of one OpenAI chunk, as spans over its own bytes.</summary>
/// <remarks>
/// Strings are left as they stand in the JSON: escaped, without the quotes. So they can be set between quotes again without any work, and pieces
/// of one text can be joined before they are decoded, even where a surrogate pair is split over two chunks. Of several choices the view
/// shows the one with index 0. <c>null</c> and <c>""</c> count as absent.
/// Source: https://platform.openai.com/docs/api-reference/chat-streaming
/// </remarks>
public readonly ref struct ChatChunkView
{
    /// <summary><c>choices[0].delta.content</c>, or <c>.refusal</c>.</summary>
    public ReadOnlySpan<byte> Content { get; internal init; }

    /// <summary><c>choices[0].delta.reasoning_content</c> (DeepSeek, Bella), or <c>.reasoning</c> (OpenRouter, Ollama).</summary>
    public ReadOnlySpan<byte> Reasoning { get; internal init; }

    /// <summary><c>choices[0].delta.tool_calls</c>: the JSON array as it stands.</summary>
    public ReadOnlySpan<byte> ToolCalls { get; internal init; }

    /// <summary><c>choices[0].finish_reason</c>.</summary>
    public ReadOnlySpan<byte> FinishReason { get; internal init; }

    /// <summary><c>usage</c>: the JSON object as it stands.</summary>
    public ReadOnlySpan<byte> Usage { get; internal init; }

    /// <summary><c>model</c>: who says that it answers.</summary>
    public ReadOnlySpan<byte> Model { get; internal init; }

    /// <summary><c>error</c>: the JSON value as it stands.</summary>
    public ReadOnlySpan<byte> Error { get; internal init; }

    /// <summary>What the chunk carries, over all its choices.</summary>
    public ChatChunkKind Kind { get; internal init; }

    /// <summary>The choices that the chunk speaks of: one bit for each index (modulo 64).</summary>
    internal ulong Choices { get; init; }

    /// <summary>Those of <see cref="Choices"/> that have a finish reason.</summary>
    internal ulong FinishedChoices { get; init; }

    /// <summary><c>created</c>, where it is a number: some upstreams count it on with every chunk.</summary>
    internal ReadOnlySpan<byte> Created { get; init; }

    /// <summary><c>obfuscation</c>: what OpenAI fills its chunks up with, so that their size does not tell of the token.</summary>
    internal ReadOnlySpan<byte> Padding { get; init; }

    /// <summary>Reads a chunk.</summary>
    /// <param name="json">One whole JSON object.</param>
    /// <exception cref="JsonException">It is not one.</exception>
    public static ChatChunkView Parse(ReadOnlySpan<byte> json) => new ChatChunkParser(json).Parse();
}
