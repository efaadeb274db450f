using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>What is held back until an answer is under way, so that a call that fails before has shown nothing.</summary>
public sealed class FailoverPreambleTests
{
    private const string Filter = """{"choices":[],"sensitives":[]}""";

    [Fact]
    public async Task StreamAsync_OnlyARole_IsHeldBackUntilTheFirstToken()
    {
        var gate = Script.New();
        var bench = new FailoverBench(new FakeTarget(new Script().Role().Chunk(Filter).Wait(gate.Task).Text("a").Done()));
        var heard = new List<string>();
        var asking = bench.AskAsync(heard: heard);
        Assert.Empty(heard);
        gate.SetResult();
        await asking.Soon();
        Assert.Equal(["role", "NoChoices", "a", "Done"], heard);
    }

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    public async Task StreamAsync_64ChunksOfPreamble_AreNotHeldAnyLonger(int count, bool isCommitted)
    {
        var script = new Script();
        for (var i = 0; i < count; i++)
        {
            script.Chunk(Filter);
        }

        var (first, second) = (new FakeTarget(script.Fail(new ChatProviderException(ChatErrorKind.HeadersTimeout, "late"))), new FakeTarget(FakeTarget.Whole()));
        await CommitsAsync(new FailoverBench(first, second), isCommitted ? count : 0);
        Assert.Equal(isCommitted ? 0 : 1, second.Calls);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(256, true)]
    public async Task StreamAsync_256KibOfPreamble_AreNotHeldAnyLonger(int kib, bool isCommitted)
    {
        var large = $$"""{"choices":[],"sensitives":["{{new string('x', kib * 1024)}}"]}""";
        var first = new FakeTarget(new Script().Chunk(large).Fail(new ChatProviderException(ChatErrorKind.HeadersTimeout, "late")));
        await CommitsAsync(new FailoverBench(first, new FakeTarget(FakeTarget.Whole())), isCommitted ? 1 : 0);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_content":"x"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0}]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}""")]
    public async Task StreamAsync_ReasoningToolOrFinish_CommitsAsAToken(string json)
    {
        var (first, second) = (new FakeTarget(new Script().Chunk(json).Fail(new ChatProviderException(ChatErrorKind.Upstream, "late"))), new FakeTarget(FakeTarget.Whole()));
        await CommitsAsync(new FailoverBench(first, second), 1);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task StreamAsync_Heartbeats_GoNoFurther()
    {
        var inner = new ScriptedProvider().Say(ChatChunk.Heartbeat, Chunks.Role, ChatChunk.Heartbeat, Chunks.Token, ChatChunk.Done).End();
        Assert.Equal(["role", "a", "Done"], await new FailoverBench(inner).AskAsync().Soon());
    }

    // Committed: the failure is told behind what came before it. Not: another target answers, and nothing of the first is shown.
    private static async Task CommitsAsync(FailoverBench bench, int shown)
    {
        var heard = new List<string>();
        if (shown > 0)
        {
            Assert.Equal("late", (await bench.FailAsync(heard: heard)).Message);
            Assert.Equal(shown, heard.Count);
        }
        else
        {
            Assert.Equal(["Attempt, FailingOver", "role", "a", "Finish", "Done"], await bench.AskAsync().Soon());
        }
    }
}
