using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

/// <summary>Short ways to make chunks and to read views.</summary>
internal static class ChunkJson
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    public static ChatChunk Parse(string json)
    {
        Assert.True(ChatChunk.TryParse(Utf8(json), out ChatChunk chunk), json);
        return chunk;
    }

    public static bool IsChunk(string json) => ChatChunk.TryParse(Utf8(json), out _);

    /// <param name="delta">The members of <c>choices[0].delta</c>, as JSON.</param>
    /// <param name="rest">More members of the choice, as JSON, with a leading comma.</param>
    public static string Delta(string delta, string rest = "") => $$"""{"choices":[{"index":0,"delta":{{{delta}}}{{rest}}}]}""";
}
