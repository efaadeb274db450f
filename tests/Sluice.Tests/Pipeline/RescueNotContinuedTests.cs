using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>Who is asked to go on with an answer and does not: half an answer never becomes a whole one by that, is never replaced by nothing, and never told twice.</summary>
public sealed class RescueNotContinuedTests
{
    private const string Answer = "The quick brown fox jumps over the lazy dog, 你好 😀.";

    private static readonly RescueWays Prefix = new() { Prefix = PrefixStyle.DeepSeek };

    [Fact]
    public async Task Prefix_OnlyDone_IsAskedForAllOfIt()
    {
        var second = new SpeakingTarget(Answer, "d") { TakesPrefix = true, IsDoneAtPrefix = true };
        var heard = await HearAsync(Bench(Prefix, Broken(), second));
        Assert.Equal((Answer, 2), (heard.Text, second.Requests.Count));
        Assert.Null(heard.Error);
    }

    [Fact]
    public async Task Prefix_OnlyDoneAndNothingElseToTry_IsTheFirstError()
    {
        var second = new SpeakingTarget(Answer, "d") { TakesPrefix = true, IsDoneAtPrefix = true };
        var heard = await HearAsync(Bench(Prefix with { Restart = false }, Broken(), second));
        Assert.Equal((Answer[..12], "c broke off"), (heard.Text, heard.Broken));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1000)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(3000)]
    public async Task Prefix_IsIgnored_NothingIsToldTwice(int shown)
    {
        var answer = string.Concat(Enumerable.Range(0, 700).Select(i => $"word{i} "));
        var first = new SpeakingTarget(answer) { Breaks = [shown], BreaksWith = ChatErrorKind.IdleTimeout };
        var second = new SpeakingTarget(answer, "d") { TakesPrefix = true, Repeats = int.MaxValue };
        var heard = await HearAsync(Bench(Prefix, first, second));
        Assert.Equal(answer, heard.Text);
        Assert.Null(heard.Error);
    }

    [Fact]
    public async Task Reset_NewAnswerIsEmpty_WhatWasShownStays()
    {
        var heard = await HearAsync(new FailoverBench(Broken(), new SpeakingTarget("", "d")), takesReset: true);
        Assert.Equal((Answer[..12], 0, "c broke off"), (heard.Text, heard.Resets, heard.Broken));
    }

    [Fact]
    public async Task Reset_AskedAnewAndSaysNothing_WhatWasShownStays()
    {
        var second = new SpeakingTarget("", "d");
        var heard = await HearAsync(Bench(Prefix with { Restart = false }, Broken(), second), takesReset: true);
        Assert.Equal((Answer[..12], 0, "c broke off", 2), (heard.Text, heard.Resets, heard.Broken, second.Requests.Count));
    }

    [Fact]
    public async Task Continuation_InOneChunkWithItsEnd_EndsOnce()
    {
        var script = new Script().Chunk($$$"""{"id":"d","choices":[{"index":0,"delta":{"role":"assistant","content":"{{{Answer}}}"},"finish_reason":"stop"}]}""").Done();
        var heard = await HearAsync(new FailoverBench(Broken(), new Support.ScriptedProvider(script)));
        Assert.Equal(Answer, heard.Text);
        Assert.Single(heard.Chunks, chunk => chunk.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
    }

    private static SpeakingTarget Broken() => new(Answer) { Breaks = [12], BreaksWith = ChatErrorKind.IdleTimeout };

    private static FailoverBench Bench(RescueWays ways, params IChatProvider[] targets) =>
        new([.. targets.Select((target, i) => new ChatTarget($"t{i + 1}", target, "x") { Priority = i + 1, Rescue = ways })]);

    private static async Task<HeardAnswer> HearAsync(FailoverBench bench, bool takesReset = false) =>
        await HeardAnswer.OfAsync(bench, Chunks.Streamed, takesReset).Soon();
}
