using CsCheck;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

public sealed class ChunkShapeTests
{
    private const string OpenAi = """{"id":"c","created":17,"choices":[{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}],"usage":null,"obfuscation":"x7Q"}""";
    private const string Reasoning = """ {"created":5 , "choices":[{"delta":{"content":"","reasoning_content":"TEXT"}}]} """;
    private const string Padded = """{"obfuscation":"a","choices":[{"index":0,"delta":{"refusal":"TEXT"}}],"created":1}""";

    private static readonly string[] s_shapes = [OpenAi, Reasoning, Padded];

    // What a model says, what breaks a string, and what JSON does not allow in one.
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.OneOf(Gen.Char["abc 你好😀"], Gen.Char["\"\\{}[],:/u0nt\n\u0001"]), 0, 8],
        Gen.OneOf("\\n", "\\\"", "\\u4f60", "\\ud83d", "\\u12g4", "\\x", "\\", "\"", "", "a\\", "\",\"content\":\"b"));

    private static readonly Gen<(string Learned, byte[] Json)> s_next =
        from shape in Gen.OneOf(s_shapes)
        from text in s_text
        from created in Gen.OneOf("17", "18", "0", "017", "-1", "1.5", "1e3", "\"1\"", "", "99999999999999999999")
        from padding in Gen.OneOf("x7Q", "", "yy\\n", "z\"")
        from edits in Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 1]
        select (shape, Mutate(shape.Replace("TEXT", text, StringComparison.Ordinal).Replace("17", created, StringComparison.Ordinal).Replace("x7Q", padding, StringComparison.Ordinal), edits));

    /// <summary>What fits is what a walk over it would have found; what a walk refuses never fits.</summary>
    [Fact]
    public void Fits_AnyChunk_AgreesWithTheWalk() =>
        s_next.Sample(
            next =>
            {
                var shape = Learned(next.Learned.Replace("TEXT", "word", StringComparison.Ordinal));
                if (!shape.Fits(next.Json, out var chunk))
                {
                    return;
                }

                Assert.True(ChatChunk.TryParse(next.Json, out var walked, out var view));
                Assert.Equal(walked.Kind, chunk.Kind);
                Assert.Equal(walked.Content, chunk.Content);
                Assert.Equal(walked.Reasoning, chunk.Reasoning);
                Assert.Equal(walked.TextBytes, chunk.TextBytes);
                Assert.Equal(view.Choices, shape.Choices);
                Assert.Equal(0UL, view.FinishedChoices);
            },
            iter: 100_000);

    [Theory]
    [InlineData(OpenAi, "17", "18")]
    [InlineData(OpenAi, "x7Q", "abcdef")]
    [InlineData(OpenAi, "TEXT", "你好 😀")]
    [InlineData(OpenAi, "TEXT", """\n\"x\" \u4f60""")]
    [InlineData(Reasoning, "5", "678")]
    [InlineData(Reasoning, "TEXT", "a")]
    [InlineData(Padded, "1}", "2}")]
    [InlineData(Padded, "TEXT", "no")]
    public void Fits_OnlyASlotDiffers_Fits(string learned, string what, string other) =>
        Assert.True(Learned(learned).Fits(ChunkJson.Utf8(learned.Replace(what, other, StringComparison.Ordinal)), out _));

    [Theory]
    [InlineData("null", "\"stop\"")]
    [InlineData("TEXT", "")]
    [InlineData("TEXT", "a\nb")]
    [InlineData("TEXT", "\\u12g4")]
    [InlineData("17", "017")]
    [InlineData("17", "")]
    [InlineData("\"id\":\"c\"", "\"id\":\"d\"")]
    [InlineData("}]", "},{\"index\":1}]")]
    public void Fits_AnythingElseDiffers_DoesNot(string what, string other) =>
        Assert.False(Learned(OpenAi).Fits(ChunkJson.Utf8(OpenAi.Replace(what, other, StringComparison.Ordinal)), out _));

    [Fact]
    public void Fits_EveryLength_OfAChunkThatWasCut_DoesNot()
    {
        var json = ChunkJson.Utf8(OpenAi);

        Assert.All(Enumerable.Range(0, json.Length), length => Assert.False(Learned(OpenAi).Fits(json.AsMemory(0, length), out _)));
    }

    [Fact]
    public void Fits_InvalidUtf8InASlot_DoesNot()
    {
        var json = ChunkJson.Utf8(OpenAi);
        json[json.AsSpan().IndexOf("TEXT"u8)] = 0xff;

        Assert.False(Learned(OpenAi).Fits(json, out _));
    }

    [Fact]
    public void Learn_AnotherShape_ReplacesTheFirst()
    {
        var shape = Learned(OpenAi);

        Learn(shape, Padded, times: 1);

        Assert.False(shape.Fits(ChunkJson.Utf8(OpenAi), out _));
        Assert.True(shape.Fits(ChunkJson.Utf8(Padded), out _));
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a","reasoning":"b"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"role":"assistant"}}]}""")]
    [InlineData("""{"choices":[{"index":1,"delta":{"content":"a"}}]}""")]
    public void Learn_MoreOrLessThanOnePieceOfText_LearnsNothing(string json) => Assert.False(Learned(json).Fits(ChunkJson.Utf8(json), out _));

    [Fact]
    public void Learn_FirstChunks_AreNotWorthIt()
    {
        var shape = new ChunkShape();

        Learn(shape, OpenAi, times: 15);

        Assert.False(shape.Fits(ChunkJson.Utf8(OpenAi), out _));
    }

    [Fact]
    public void Learn_LargeChunk_LearnsNothing()
    {
        var json = OpenAi.Replace("TEXT", new string('a', ChunkShape.MaxBytes), StringComparison.Ordinal);

        Assert.False(Learned(json).Fits(ChunkJson.Utf8(json), out _));
    }

    private static ChunkShape Learned(string json)
    {
        var shape = new ChunkShape();
        Learn(shape, json, times: 16);
        return shape;
    }

    private static void Learn(ChunkShape shape, string json, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(ChatChunk.TryParse(ChunkJson.Utf8(json), out var chunk, out var view));
            shape.Learn(chunk, view);
        }
    }

    private static byte[] Mutate(string json, (int At, byte Byte)[] edits)
    {
        var bytes = ChunkJson.Utf8(json);
        foreach (var (at, with) in edits)
        {
            bytes[at % bytes.Length] = with;
        }

        return bytes;
    }
}
