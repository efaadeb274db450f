using System.Text.Json;
using CsCheck;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

public sealed class ChatChunkPropertyTests
{
    private static readonly string[] s_seeds =
    [
        """{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"你好\n\ud83d\ude00"},"finish_reason":null}],"usage":null}""",
        """{"choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"id":"","function":{"arguments":"{\"a\":1"}}]}}],"error":{}}""",
        """{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":-3.5e+7,"x":[true,false,null]},"model":"m","error":"e"}""",
        """ {"\u0063hoices":[{"delta":{"reasoning":"r"},"finish_reason":"stop"},[],{},"",0]} """,
    ];

    private static readonly Gen<byte> s_byte =
        Gen.OneOf<byte>(Gen.Byte, Gen.OneOf("{}[]\",:\\u0eE+-. \ntfn/d8\u0000"u8.ToArray()));

    private static readonly Gen<byte[]> s_mutated =
        from seed in Gen.OneOf(s_seeds)
        from edits in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 200], s_byte).Array[0, 4]
        select Mutate(seed, edits);

    [Fact]
    public void TryParse_MutatedObjects_AgreesWithJsonDocument() =>
        s_mutated.Sample(json => IsObject(json) == ChatChunk.TryParse(json, out _), iter: 50_000);

    [Fact]
    public void View_MutatedObjects_PointsIntoTheChunk() =>
        s_mutated.Sample(
            json =>
            {
                if (!ChatChunk.TryParse(json, out ChatChunk chunk))
                    return;
                ChatChunkView view = chunk.View;
                Assert.Equal(chunk.Kind, view.Kind);
                Assert.True(IsWithin(view.Content, json) && IsWithin(view.Reasoning, json) && IsWithin(view.FinishReason, json) && IsWithin(view.Model, json));
                Assert.True(IsJsonWithin(view.ToolCalls, json) && IsJsonWithin(view.Usage, json) && IsJsonWithin(view.Error, json));
            },
            iter: 20_000);

    private static bool IsWithin(ReadOnlySpan<byte> part, byte[] json) => part.IsEmpty || part.Overlaps(json);

    private static bool IsJsonWithin(ReadOnlySpan<byte> part, byte[] json)
    {
        if (part.IsEmpty)
            return true;
        using JsonDocument value = JsonDocument.Parse(part.ToArray());
        return part.Overlaps(json);
    }

    private static bool IsObject(byte[] json)
    {
        // The document does not look at the bytes of its strings.
        if (!System.Text.Unicode.Utf8.IsValid(json))
            return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Mutate(string seed, (int What, int At, byte Byte)[] edits)
    {
        List<byte> json = [.. ChunkJson.Utf8(seed)];
        foreach ((int what, int where, byte with) in edits)
        {
            int at = where % json.Count;
            if (what == 0)
                json[at] = with;
            else if (what == 1)
                json.Insert(at, with);
            else if (json.Count > 1)
                json.RemoveAt(at);
        }

        return [.. json];
    }
}
