using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Chat;
using static Sluice.Tests.Chat.ChunkJson;

namespace Sluice.Tests.Chat;

public sealed class ChatTranscriptTests
{
    private const string Answer = "你好，世界！👋🏽 naïve \"quoted\" \\ line\nbreak 👨‍👩‍👧 終";

    [Fact]
    public void Add_Deltas_JoinsTheirText()
    {
        var transcript = new ChatTranscript();
        Assert.Equal("", Added(transcript, """{"model":"m1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"""));
        Assert.Equal("Hel", Added(transcript, Delta("\"content\":\"Hel\"")));
        Assert.Equal("lo", Added(transcript, Delta("\"content\":\"lo\"")));
        Assert.Equal("", Added(transcript, """{"model":"m2","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""));
        Assert.Equal("", Added(transcript, """{"choices":[],"usage":{"prompt_tokens":1}}"""));

        Assert.Equal("Hello", Text(transcript.Text));
        Assert.Equal("stop", Text(transcript.FinishReason));
        Assert.Equal("""{"prompt_tokens":1}""", Text(transcript.Usage));
        Assert.Equal("m1", Text(transcript.Model));
    }

    [Fact]
    public void Add_FinishReasonAndUsageAgain_KeepsTheLast()
    {
        var transcript = new ChatTranscript();
        Added(transcript, Delta("", ",\"finish_reason\":\"length\""));
        Added(transcript, Delta("", ",\"finish_reason\":\"\""));
        Added(transcript, """{"choices":[],"usage":{"a":1}}""");
        Added(transcript, """{"choices":[],"usage":{"a":2}}""");
        Added(transcript, """{"choices":[],"usage":null}""");
        Assert.Equal(("length", """{"a":2}"""), (Text(transcript.FinishReason), Text(transcript.Usage)));
    }

    [Fact]
    public void Add_ChunkBufferIsReused_KeepsCopies()
    {
        byte[] json = Utf8("""{"model":"m","choices":[{"delta":{"content":"text"},"finish_reason":"stop"}],"usage":{"a":1}}""");
        var transcript = new ChatTranscript();
        transcript.Add(ChatChunkView.Parse(json));
        Array.Clear(json);
        Assert.Equal(("text", "stop", "m"), (Text(transcript.Text), Text(transcript.FinishReason), Text(transcript.Model)));
        Assert.Equal("""{"a":1}""", Text(transcript.Usage));
    }

    [Fact]
    public void Add_SurrogatePairSplitOverChunks_IsOneCharacterAgain()
    {
        var transcript = new ChatTranscript();
        Added(transcript, Delta(@"""content"":""a\ud83d"""));
        Added(transcript, Delta(@"""content"":""\ude00b"""));
        Assert.Equal("a😀b", Decoded(transcript));
    }

    [Fact]
    public void Add_AnswerSplitAtEveryCharacter_IsTheAnswer()
    {
        foreach (JavaScriptEncoder encoder in (JavaScriptEncoder[])[JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping])
        {
            for (int at = 0; at <= Answer.Length; at++)
            {
                if (at > 0 && char.IsHighSurrogate(Answer[at - 1]))
                    continue;
                var transcript = new ChatTranscript();
                foreach (string part in (string[])[Answer[..at], Answer[at..]])
                    Added(transcript, Delta($"\"content\":\"{encoder.Encode(part)}\""));
                Assert.Equal(Answer, Decoded(transcript));
            }
        }
    }

    [Fact]
    public void Add_EscapedUtf16UnitByUnit_IsTheAnswer()
    {
        // What upstreams with an ASCII-only encoder send: pairs split over two chunks.
        var transcript = new ChatTranscript();
        foreach (char unit in Answer)
            Added(transcript, Delta($"\"content\":\"\\u{(int)unit:x4}\""));
        Assert.Equal(Answer, Decoded(transcript));
    }

    [Fact]
    public void Add_ReasoningMergedIntoTheText_CountsOnce()
    {
        var transcript = new ChatTranscript();
        Assert.Equal("", Merged(transcript, "先想", "```sh\\n先想"));
        Assert.Equal("", Merged(transcript, "一想\\n", "一想\\n"));
        Assert.Equal("答", Merged(transcript, "", "\\n```\\n答"));
        Assert.Equal("案", Merged(transcript, "", "案"));
        Assert.Equal("\\n```\\ncode", Merged(transcript, "", "\\n```\\ncode"));
        Assert.Equal("答案\\n```\\ncode", Text(transcript.Text));
    }

    [Fact]
    public void Add_ReasoningThatIsNotMerged_LeavesTheTextAlone()
    {
        var transcript = new ChatTranscript();
        Assert.Equal("", Merged(transcript, "think", ""));
        Assert.Equal("same", Merged(transcript, "same", "same"));
        Assert.Equal("```sh\\nls", Merged(transcript, "", "```sh\\nls"));
        Assert.Equal("\\n```\\n", Merged(transcript, "", "\\n```\\n"));
        Assert.Equal("same```sh\\nls\\n```\\n", Text(transcript.Text));
    }

    [Fact]
    public void Add_MergedReasoningWithoutClosingFence_KeepsTheAnswer()
    {
        var transcript = new ChatTranscript();
        Assert.Equal("", Merged(transcript, "r", "```sh\\nr"));
        Assert.Equal("answer", Merged(transcript, "", "answer"));
        Assert.Equal("other", Merged(transcript, "r2", "other"));
    }

    private static string Merged(ChatTranscript transcript, string reasoning, string content) =>
        Added(transcript, Delta($"\"reasoning_content\":\"{reasoning}\",\"content\":\"{content}\""));

    private static string Added(ChatTranscript transcript, string json) => Text(transcript.Add(Parse(json).View));

    private static string Decoded(ChatTranscript transcript) =>
        JsonDocument.Parse($"\"{Encoding.UTF8.GetString(transcript.Text)}\"").RootElement.GetString()!;
}
