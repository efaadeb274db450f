using Sluice.Chat;
using Sluice.Tests.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>Chunks by what they mean to a pipeline.</summary>
internal static class Chunks
{
    public static ChatChunk Role { get; } = ChunkJson.Parse(ChunkJson.Delta("\"role\":\"assistant\""));

    public static ChatChunk Token { get; } = ChunkJson.Parse(ChunkJson.Delta("\"content\":\"a\""));

    public static ChatChunk Reasoning { get; } = ChunkJson.Parse(ChunkJson.Delta("\"reasoning_content\":\"a\""));

    public static ChatChunk Finish { get; } = ChunkJson.Parse(ChunkJson.Delta("", ",\"finish_reason\":\"stop\""));

    public static ChatChunk Usage { get; } = ChunkJson.Parse("""{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}""");

    public static ChatRequest Streamed { get; } = ChatRequest.FromQuestion("hi", "m");

    public static ChatRequest Whole { get; } = ChatRequest.Parse("""{"model":"m"}"""u8.ToArray());
}
