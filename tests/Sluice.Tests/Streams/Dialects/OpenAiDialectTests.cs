using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams.Dialects;

public sealed class OpenAiDialectTests
{
    private const string Odd = """{ "id":"x", "created":1, "unknown" : {"a":[1, 2]}, "choices":[{"index":0,"delta":{"content":"你\u4f60👍"},"logprobs":null}] }""";
    private const string UsageJson = """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""";

    [Fact]
    public async Task Add_BytesPassThrough() => Assert.Equal([Odd, "[DONE]"], await RunAsync(new Script().Chunk(Odd).Done()));

    [Fact]
    public async Task Add_UsageNotAskedFor_IsSwallowed()
    {
        Assert.DoesNotContain(UsageJson, await RunAsync(new Script().Text("a").Finish().Usage().Done()));
        Assert.Contains(UsageJson, await RunAsync(new Script().Text("a").Finish().Usage().Done(), includeUsage: true));
    }

    [Fact]
    public async Task Add_UsageBesideText_IsKept()
    {
        const string Both = """{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":1}}""";
        Assert.Contains(Both, await RunAsync(new Script().Chunk(Both).Finish().Done()));
    }

    [Fact]
    public async Task Add_NoChoicesAndNoUsage_IsKept()
    {
        const string Filter = """{"choices":[],"sensitives":[{"x":1}]}""";
        Assert.Contains(Filter, await RunAsync(new Script().Text("a").Chunk(Filter).Finish().Chunk(Filter).Done()));
    }

    [Fact]
    public async Task Fail_IsOneErrorFrame()
    {
        var data = await RunAsync(new Script().Text("a").Fail(new ChatProviderException(ChatErrorKind.RateLimited, "忙") { Param = "p" }));
        Assert.Equal("""{"error":{"message":"忙","type":"rate_limit_error","code":"rate_limited","param":"p"}}""", data[^1]);
        Assert.DoesNotContain("[DONE]", data);
    }

    [Fact]
    public async Task Cancel_IsOneErrorFrame()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var session = bench.OpenOpenAi();
        var reading = bench.ReadAllAsync(session);
        session.Cancel();
        Assert.Equal("""{"error":{"message":"The answer was cancelled.","type":"cancelled","code":"cancelled","param":null}}""", EventText.Data(await reading)[^1]);
        Assert.True(session.EndsUnclean);
    }

    [Fact]
    public async Task Fail_EndsUnclean_DoneDoesNot()
    {
        var failing = new StreamBench(new Script().Text("a").Fail(new ChatProviderException(ChatErrorKind.Upstream, "x")));
        var failed = failing.OpenOpenAi();
        await failing.ReadAllAsync(failed);
        Assert.True(failed.EndsUnclean);

        var working = new StreamBench(new Script().Text("a").Finish().Done());
        var done = working.OpenOpenAi();
        await working.ReadAllAsync(done);
        Assert.False(done.EndsUnclean);
    }

    private static async Task<List<string>> RunAsync(Script script, bool includeUsage = false)
    {
        var bench = new StreamBench(script);
        return EventText.Data(await bench.ReadAllAsync(bench.OpenOpenAi(includeUsage)));
    }
}
