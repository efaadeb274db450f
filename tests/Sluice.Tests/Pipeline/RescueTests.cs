using System.Text;
using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>What becomes of an answer that breaks off after some of it was shown.</summary>
public sealed class RescueTests
{
    private const string Answer = "The quick brown fox jumps over the lazy dog, 你好 😀.";

    private static readonly RescueWays Prefix = new() { Prefix = PrefixStyle.DeepSeek };

    [Theory]
    [InlineData(ChatErrorKind.Truncated)]
    [InlineData(ChatErrorKind.IdleTimeout)]
    [InlineData(ChatErrorKind.Malformed)]
    [InlineData(ChatErrorKind.Upstream)]
    public async Task Restart_OtherTargetSaysTheSame_AnswerIsWhole(ChatErrorKind kind)
    {
        var (first, second) = (Broken(kind), new SpeakingTarget(Answer, "d"));
        var heard = await HearAsync(new FailoverBench(first, second));
        Assert.Equal(Answer, heard.Text);
        Assert.Null(heard.Error);
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
        Assert.Equal(ChatChunkKind.Attempt | ChatChunkKind.FailingOver, Assert.Single(heard.Status));
    }

    [Fact]
    public async Task Restart_ClientSeesOneStream()
    {
        var heard = await HearAsync(new FailoverBench(Broken(), new SpeakingTarget(Answer, "d")));
        Assert.All(heard.Chunks, chunk => Assert.StartsWith("""{"id":"c","created":1,"model":"m-c",""", chunk, StringComparison.Ordinal));
        Assert.Single(heard.Chunks, chunk => chunk.Contains("\"role\"", StringComparison.Ordinal));
        Assert.Single(heard.Chunks, chunk => chunk.Contains("\"finish_reason\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_OneTarget_IsAskedAgainUnlessItFellSilent()
    {
        var target = new SpeakingTarget(Answer) { Breaks = [9, null] };
        var heard = await HearAsync(new FailoverBench(target) { Random = 0 });
        Assert.Equal(Answer, heard.Text);
        Assert.Equal(ChatChunkKind.Attempt | ChatChunkKind.Retrying, Assert.Single(heard.Status));

        var silent = new SpeakingTarget(Answer) { Breaks = [9, null], BreaksWith = ChatErrorKind.IdleTimeout };
        heard = await HearAsync(new FailoverBench(silent) { Random = 0 });
        Assert.Equal(Answer[..9], heard.Text);
        Assert.Equal("c broke off", heard.Broken);
        Assert.Single(silent.Requests);
    }

    [Fact]
    public async Task Restart_Departs_NextTargetThenTheFirstError()
    {
        var (second, third) = (new SpeakingTarget("The quick red fox."), new SpeakingTarget("The", "e"));
        var heard = await HearAsync(new FailoverBench(Broken(), second, third));
        Assert.Equal(Answer[..12], heard.Text);
        Assert.Equal("c broke off", heard.Broken);
        Assert.Equal((1, 1), (second.Requests.Count, third.Requests.Count));

        heard = await HearAsync(new FailoverBench(Broken(), second, new SpeakingTarget(Answer, "e")));
        Assert.Equal(Answer, heard.Text);
    }

    [Fact]
    public async Task Restart_BreaksAgainBehindTheSeam_IsCarriedOnAgain()
    {
        var (second, third) = (new SpeakingTarget(Answer, "d") { Breaks = [20] }, new SpeakingTarget(Answer, "e"));
        var heard = await HearAsync(new FailoverBench(Broken(), second, third));
        Assert.Equal(Answer, heard.Text);
        Assert.Equal(2, heard.Status.Count);
        Assert.All(heard.Chunks, chunk => Assert.StartsWith("""{"id":"c",""", chunk, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_CallsAreBounded()
    {
        var (first, second) = (Broken(), new SpeakingTarget(Answer, "d") { Breaks = [3] });
        var heard = await HearAsync(new FailoverBench(first, second) { Options = new RetryOptions { MaxAttempts = 2 } });
        Assert.Equal((Answer[..12], "c broke off"), (heard.Text, heard.Broken));
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task Restart_SameTarget_TakesFromTheRetryBudget()
    {
        var bench = new FailoverBench(new SpeakingTarget(Answer) { Breaks = [9, null] }) { Random = 0, Options = new RetryOptions { BudgetPercent = 0 } };
        while (bench.Services.Budget.TryTake())
        {
        }

        var heard = await HearAsync(bench);
        Assert.Equal("c broke off", heard.Broken);
    }

    [Fact]
    public async Task Restart_UsageIsTheSumOfWhatIsKnown()
    {
        var second = new SpeakingTarget("The quick red fox.", "d") { Usage = """{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"completion_tokens_details":{"reasoning_tokens":0}}""" };
        var third = new SpeakingTarget(Answer, "e") { Usage = second.Usage };
        var first = new Script().Chunk("""{"id":"c","choices":[{"index":0,"delta":{"content":"The quick brown"}}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""")
            .Fail(Cut());
        var heard = await HearAsync(new FailoverBench(new Support.ScriptedProvider(first), second, third));
        Assert.Equal(Answer, heard.Text);
        Assert.Contains("\"usage\":{\"prompt_tokens\":6,\"completion_tokens\":5,\"total_tokens\":11,", heard.Chunks[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DeepSeek", """{"role":"assistant","content":"The quick br","prefix":true}]}""")]
    [InlineData("Mistral", """{"role":"assistant","content":"The quick br","prefix":true}]}""")]
    [InlineData("Vllm", """{"role":"assistant","content":"The quick br"}],"continue_final_message":true,"add_generation_prompt":false}""")]
    public async Task Prefix_IsAskedInTheTargetsWords(string style, string tail)
    {
        var second = new SpeakingTarget(Answer, "d") { TakesPrefix = true };
        var heard = await HearAsync(Bench(new RescueWays { Prefix = Enum.Parse<PrefixStyle>(style) }, new Support.ScriptedProvider(new Script().Text("The quick br").Fail(Cut())), second));
        Assert.Equal(Answer, heard.Text);
        Assert.EndsWith(tail, Encoding.UTF8.GetString(Assert.Single(second.Requests).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefix_RejectedWith400_SameTargetIsAskedFromTheStart()
    {
        var second = new SpeakingTarget(Answer, "d");
        var heard = await HearAsync(Bench(Prefix, Broken(), second));
        Assert.Equal(Answer, heard.Text);
        Assert.Equal(2, second.Requests.Count);
        Assert.Equal([ChatChunkKind.Attempt | ChatChunkKind.FailingOver, ChatChunkKind.Attempt | ChatChunkKind.Retrying], heard.Status);
    }

    [Fact]
    public async Task Prefix_RejectedAndNothingElse_IsTheFirstError()
    {
        var heard = await HearAsync(Bench(Prefix with { Restart = false }, Broken(), new SpeakingTarget(Answer, "d")));
        Assert.Equal((Answer[..12], "c broke off"), (heard.Text, heard.Broken));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(40)]
    public async Task Prefix_TailIsSaidOnceMore_IsShownOnce(int repeats)
    {
        var first = new SpeakingTarget(Answer) { Breaks = [44] };
        var heard = await HearAsync(Bench(Prefix, first, new SpeakingTarget(Answer, "d") { TakesPrefix = true, Repeats = repeats }));
        Assert.Equal(Answer, heard.Text);
    }

    [Fact]
    public async Task Prefix_HalfOfACharacterWasShown_TheOtherHalfFollows()
    {
        var first = new Support.ScriptedProvider(new Script().Text("ab\\ud83d").Fail(Cut()));
        var second = new SpeakingTarget("ab😀c", "d") { TakesPrefix = true };
        var heard = await HearAsync(Bench(Prefix, first, second));
        Assert.Equal("ab😀c", heard.Text);
        Assert.Contains("\"content\":\"ab\"", Encoding.UTF8.GetString(second.Requests[0].Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_ReaderCanBeTold_NewAnswerReplacesTheOld()
    {
        var second = new SpeakingTarget("The quick red fox.", "d");
        var heard = await HearAsync(new FailoverBench(Broken(), second), takesReset: true);
        Assert.Equal(("The quick red fox.", 1, 1), (heard.Text, heard.Resets, second.Requests.Count));
        Assert.Contains("\"model\":\"m-d\"", heard.Chunks[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_OnlyAPrefixWasPossible_AsksAnew()
    {
        var second = new SpeakingTarget("Another.", "d");
        var heard = await HearAsync(Bench(Prefix with { Restart = false }, Broken(), second), takesReset: true);
        Assert.Equal(("Another.", 1, 2), (heard.Text, heard.Resets, second.Requests.Count));
    }

    [Fact]
    public async Task Reset_ShorterAnswer_IsWhole()
    {
        var heard = await HearAsync(new FailoverBench(Broken(), new SpeakingTarget("The", "d")), takesReset: true);
        Assert.Equal(("The", 1), (heard.Text, heard.Resets));
        Assert.Null(heard.Error);
    }

    [Fact]
    public async Task Reset_NobodyAnswers_IsNeverSent()
    {
        var heard = await HearAsync(new FailoverBench(Broken(), new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout))), takesReset: true);
        Assert.Equal((Answer[..12], 0, "c broke off"), (heard.Text, heard.Resets, heard.Broken));
    }

    [Fact]
    public async Task Reset_SwitchedOff_IsTheFirstError()
    {
        var bench = new FailoverBench(Broken(), new SpeakingTarget("Another.", "d")) { Rescue = new RescueOptions { Reset = false } };
        Assert.Equal((Answer[..12], 0), (await HearAsync(bench, takesReset: true) is var heard ? heard.Text : "", heard.Resets));
        Assert.NotNull(heard.Error);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"x"}]}}]}""")]
    [InlineData("""{"choices":[{"index":1,"delta":{"content":"x"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")]
    public async Task Disarmed_ByWhatWasShown(string json)
    {
        var second = new SpeakingTarget("a", "d");
        var heard = await HearAsync(new FailoverBench(new Support.ScriptedProvider(new Script().Text("a").Chunk(json).Fail(Cut())), second), takesReset: true);
        Assert.Equal("cut", heard.Broken);
        Assert.Empty(second.Requests);
    }

    [Theory]
    [InlineData("\"n\":2", false)]
    [InlineData("\"n\":1", true)]
    [InlineData("\"n\":null", true)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", false)]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}", false)]
    [InlineData("\"response_format\":{\"type\":\"text\"}", true)]
    [InlineData("\"response_format\":\"json\"", false)]
    [InlineData("\"response_format\":{\"x\":{\"type\":\"text\"},\"type\":\"te\\u0078t\"}", true)]
    [InlineData("\"response_format\":{\"x\":{\"type\":\"text\"}}", false)]
    [InlineData("\"response_format\":{\"type\":\"\\ud83d\"}", false)]
    [InlineData("\"logprobs\":true", false)]
    [InlineData("\"logprobs\":false", true)]
    public async Task Disarmed_ByWhatIsAsked(string field, bool isRescued)
    {
        var request = ChatRequest.Parse(Encoding.UTF8.GetBytes($$"""{"model":"m","stream":true,{{field}},"messages":[{"role":"user","content":"hi"}]}"""));
        var heard = await HearAsync(new FailoverBench(Broken(), new SpeakingTarget(Answer, "d")), request);
        Assert.Equal(isRescued, heard.Error is null);
        Assert.Equal(isRescued ? Answer : Answer[..12], heard.Text);
    }

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 1024)]
    public async Task Disarmed_ByTheSwitchOrTheBound(bool isEnabled, int maxBytes)
    {
        var second = new SpeakingTarget(Answer, "d");
        var heard = await HearAsync(new FailoverBench(Broken(), second) { Rescue = new RescueOptions { Enabled = isEnabled, MaxBytes = maxBytes } }, takesReset: true);
        Assert.Equal("c broke off", heard.Broken);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task LastResort_IsNeverAskedToGoOn()
    {
        var last = new SpeakingTarget(Answer, "d");
        var bench = new FailoverBench([new ChatTarget("t1", Broken(), "x"), new ChatTarget("t2", last, "x") { IsLastResort = true }]);
        Assert.Equal("c broke off", (await HearAsync(bench, takesReset: true)).Broken);
        Assert.Empty(last.Requests);
    }

    [Fact]
    public async Task Cancelled_WhileItIsCarriedOn_LetsGoOfEverything()
    {
        var waiting = new Script().Text("a").Hang();
        var bench = new FailoverBench(new Support.ScriptedProvider(new Script().Text("ab").Fail(Cut())), new Support.ScriptedProvider(waiting));
        using var cancel = new CancellationTokenSource();
        var asking = HeardAnswer.OfAsync(bench, Chunks.Streamed, cancel: cancel.Token);
        await waiting.Asked.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Soon());
        await waiting.LetGo.Soon();
        Assert.All(bench.Targets, target => Assert.Equal(0, target.Health.Describe("m", "t", "x").Active));
    }

    [Fact]
    public async Task Rescued_EveryPlaceIsGivenBack()
    {
        var bench = new FailoverBench(Broken(), new SpeakingTarget("No.", "d"), new SpeakingTarget(Answer, "e"));
        await HearAsync(bench);
        Assert.All(bench.Targets, target => Assert.Equal(0, target.Health.Describe("m", "t", "x").Active));
    }

    private static SpeakingTarget Broken(ChatErrorKind kind = ChatErrorKind.IdleTimeout) => new(Answer) { Breaks = [12], BreaksWith = kind };

    private static ChatProviderException Cut() => new(ChatErrorKind.IdleTimeout, "cut");

    private static FailoverBench Bench(RescueWays ways, params IChatProvider[] targets) =>
        new([.. targets.Select((target, i) => new ChatTarget($"t{i + 1}", target, "x") { Priority = i + 1, Rescue = ways })]);

    private static async Task<HeardAnswer> HearAsync(FailoverBench bench, ChatRequest? request = null, bool takesReset = false) =>
        await HeardAnswer.OfAsync(bench, request ?? Chunks.Streamed, takesReset).Soon();
}
