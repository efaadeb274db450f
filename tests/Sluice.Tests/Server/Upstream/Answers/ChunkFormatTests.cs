using System.Buffers;
using System.Text;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Tests.Server.Upstream.Answers;

public sealed class ChunkFormatTests
{
    private const string OpenAiHead = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m\"x","service_tier":"default","system_fingerprint":"fp_sluice_sim","vendor":{"region":"cn-north-1","queue_ms":0.25,"trace":{"hops":["a","b"],"note":null}},"choices":[""";

    private static readonly AnswerHead Head = new("chatcmpl-1", "m\"x", 7);

    [Fact]
    public void OpenAi_PlainAnswer_IsTheseBytes()
    {
        var script = new AnswerScript(AnswerStyle.Plain, 2);
        Assert.Equal(
            [
                OpenAiHead + """{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""",
                OpenAiHead + """{"index":0,"delta":{"content":"你好，0 "},"logprobs":null,"finish_reason":null}]}""",
                OpenAiHead + """{"index":0,"delta":{"content":"\u4E16\u754C1 "},"logprobs":null,"finish_reason":null}]}""",
                OpenAiHead + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}""",
            ],
            Write(new OpenAiChunks(Head, script), script));
    }

    [Fact]
    public void OpenAi_UsageAskedFor_EndsWithAChunkWithoutChoices()
    {
        var script = new AnswerScript(AnswerStyle.Plain, 1, usage: true);
        var chunks = Write(new OpenAiChunks(Head with { Usage = true }, script), script);
        Assert.All(chunks[..^1], chunk => Assert.EndsWith("],\"usage\":null}", chunk, StringComparison.Ordinal));
        Assert.Equal(OpenAiHead + """],"usage":{"prompt_tokens":11,"completion_tokens":1,"total_tokens":12,"completion_tokens_details":{"reasoning_tokens":0}}}""", chunks[^1]);
    }

    [Fact]
    public void OpenAi_Tools_SplitArgumentsAndNameTheCallOnce()
    {
        var script = new AnswerScript(AnswerStyle.Tools, 60);
        var chunks = Write(new OpenAiChunks(Head with { Tool = "look" }, script), script);
        Assert.Contains("""{"tool_calls":[{"index":0,"id":"call_sim_0","type":"function","function":{"name":"look","arguments":""}}]}""", chunks[1], StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"ci"}}]}""", chunks[2], StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", chunks[^1], StringComparison.Ordinal);
        Assert.Single(chunks, chunk => chunk.Contains("call_sim_1", StringComparison.Ordinal));
    }

    [Fact]
    public void Bella_PlainAnswer_IsTheseBytes()
    {
        var script = new AnswerScript(AnswerStyle.Plain, 3, usage: true, sensitives: true);
        Assert.Equal(
            [
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m\"x","choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"requestRiskData":{"level":"pass","hits":[]}}""",
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":8,"model":"m\"x","choices":[{"index":0,"delta":{"content":"你好，0 "}}]}""",
                """{"created":9,"choices":[],"sensitives":[{"type":"phone","risk":"low","at":0}]}""",
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":10,"model":"m\"x","choices":[{"index":0,"delta":{"content":"\u4E16\u754C1 "}}]}""",
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":11,"model":"m\"x","choices":[{"index":0,"delta":{"content":"🚀2 "}}]}""",
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":12,"model":"m\"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":13,"model":"m\"x","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3,"total_tokens":14,"completion_tokens_details":{"reasoning_tokens":0}}}""",
                """{"created":14,"choices":[],"sensitives":[{"type":"phone","risk":"low","at":1}]}""",
            ],
            Write(new BellaChunks(Head, script), script));
    }

    [Fact]
    public void Bella_EveryEighthToken_HasAnEmptyFinishReason()
    {
        var script = new AnswerScript(AnswerStyle.Plain, 8);
        Assert.EndsWith("},\"finish_reason\":\"\"}]}", Write(new BellaChunks(Head, script), script)[8], StringComparison.Ordinal);
    }

    [Fact]
    public void Bella_ContinuedToolCall_HasAnEmptyIdAndNoType()
    {
        var script = new AnswerScript(AnswerStyle.Tools, 60);
        Assert.Contains("""{"tool_calls":[{"index":0,"id":"","type":null,"function":{"arguments":"{\"ci"}}]}""", Write(new BellaChunks(Head, script), script)[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Bella_MergedReasoning_RepeatsItBetweenFences()
    {
        var script = new AnswerScript(AnswerStyle.MergedReasoning, 6);
        var chunks = Write(new BellaChunks(Head, script), script);
        Assert.Contains("""{"content":"```sh\n你好，0 ","reasoning_content":"你好，0 "}""", chunks[1], StringComparison.Ordinal);
        Assert.Contains("""{"content":"\u4E16\u754C1 ","reasoning_content":"\u4E16\u754C1 "}""", chunks[2], StringComparison.Ordinal);
        Assert.Contains("""{"content":"\n```\n你好，0 "}""", chunks[3], StringComparison.Ordinal);
        Assert.Contains("""{"content":"\u4E16\u754C1 "}""", chunks[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Content_WithAStamp_BeginsWithIt()
    {
        var script = new AnswerScript(AnswerStyle.Plain, 1);
        var output = new ArrayBufferWriter<byte>();
        new OpenAiChunks(Head, script).Write(script[1], 12345, output);
        Assert.Contains("\"content\":\"@0000000000000012345@你好，0 \"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static string[] Write(IChunkFormat format, AnswerScript script)
    {
        var chunks = new string[script.Count];
        for (var i = 0; i < chunks.Length; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            format.Write(script[i], 0, output);
            chunks[i] = Encoding.UTF8.GetString(output.WrittenSpan);
        }

        return chunks;
    }
}
