using System.Text.Json;
using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>What a rescue leaves behind: counts, places, calls, and one truthful end.</summary>
public sealed class RescueOutcomeTests
{
    private const string Answer = "The quick brown fox.";

    [Fact]
    public async Task Rescued_EachTargetIsToldHowItDid()
    {
        var bench = new FailoverBench(Broken(), new SpeakingTarget("No.", "d"), new SpeakingTarget(Answer, "e"));
        Assert.Equal(Answer, (await HearAsync(bench)).Text);
        Assert.Equal([(0, 1), (0, 0), (1, 0)], bench.Targets.Select(target => target.Health.Describe("m", "t", "x")).Select(status => ((int)status.Succeeded, (int)status.Failed)));
        AssertNothingRuns(bench);
    }

    [Fact]
    public async Task Broken_OpensTheCircuit_AndTheNextQuestionGoesElsewhere()
    {
        var first = Broken();
        var second = new SpeakingTarget(Answer, "d");
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var bench = new FailoverBench(
            [
                new ChatTarget("t1", first, "x") { Priority = 1, Health = new TargetHealth(time, new BreakerOptions { MinimumCalls = 2 }) },
                new ChatTarget("t2", second, "x") { Priority = 2, Health = new TargetHealth(time) },
            ],
            time);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Answer, (await HearAsync(bench)).Text);
        }

        Assert.Equal((2, 3), (first.Requests.Count, second.Requests.Count));
        Assert.Equal("open", bench.Targets[0].Health.Describe("m", "t1", "x").Circuit);
        AssertNothingRuns(bench);
    }

    [Fact]
    public async Task Probe_ThatGoesOnWithAnAnswer_ClosesTheCircuit()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var health = HalfOpenTarget.Health(time);
        var bench = new FailoverBench([new ChatTarget("t1", Broken(), "x") { Priority = 1 }, new ChatTarget("t2", new SpeakingTarget(Answer, "d"), "x") { Priority = 2, Health = health }], time);
        Assert.Equal(Answer, (await HearAsync(bench)).Text);
        Assert.Equal("closed", health.Describe("m", "t2", "x").Circuit);
    }

    [Fact]
    public async Task NoPlace_IsPassedOver()
    {
        var full = new TargetHealth(TimeProvider.System, maxConcurrency: 1);
        Assert.True(full.TryEnter(out _, out _));
        var (second, third) = (new SpeakingTarget(Answer, "d"), new SpeakingTarget(Answer, "e"));
        var bench = new FailoverBench(
            [new ChatTarget("t1", Broken(), "x") { Priority = 1 }, new ChatTarget("t2", second, "x") { Priority = 2, Health = full }, new ChatTarget("t3", third, "x") { Priority = 3 }]);
        Assert.Equal(Answer, (await HearAsync(bench)).Text);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task TimeIsUsedUp_WhileTheAnswerIsHeldBack_IsOneErrorAtOnce()
    {
        var gate = Script.New();
        var waiting = new Script().Text("The qu").Do(_ =>
        {
            gate.SetResult();
            return Task.CompletedTask;
        }).Hang();
        var third = new SpeakingTarget(Answer, "e");
        var bench = new FailoverBench(Broken(), new Support.ScriptedProvider(waiting), third) { Options = new RetryOptions { Within = TimeSpan.FromSeconds(30) } };
        var asking = HeardAnswer.OfAsync(bench, Chunks.Streamed);
        await gate.Task.Soon();
        bench.Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.False(asking.IsCompleted);
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        var heard = await asking.Soon();
        Assert.Equal(("The quick br", "c broke off"), (heard.Text, heard.Broken));
        Assert.Equal(
            "c broke off Nobody could go on with the answer: t2/x: No answer was under way within 30 s, all tries together (Retry:Within).", heard.Error!.Message);
        Assert.Equal(ChatErrorKind.IdleTimeout, heard.Error.Kind);
        Assert.Empty(third.Requests);
        Assert.Equal(0, waiting.Open);
        Assert.Equal(0, bench.Targets[1].Health.Describe("m", "t2", "x").Failed);
        AssertNothingRuns(bench);
    }

    [Fact]
    public async Task TimeIsUsedUp_BehindTheSeam_EndsNothing()
    {
        var (seam, gate) = (Script.New(), Script.New());
        var second = new Script().Text("The quick brown").Do(_ =>
        {
            seam.SetResult();
            return Task.CompletedTask;
        }).Wait(gate.Task).Text(" fox.").Finish().Done();
        var bench = new FailoverBench(Broken(), new Support.ScriptedProvider(second));
        var asking = HeardAnswer.OfAsync(bench, Chunks.Streamed);
        await seam.Task.Soon();
        bench.Time.Advance(TimeSpan.FromDays(1));
        gate.SetResult();
        Assert.Equal(Answer, (await asking.Soon()).Text);
    }

    [Fact]
    public async Task ToolCall_BehindTheSeam_IsHandedOnAndRulesOutAnotherRescue()
    {
        const string Tool = """{"id":"d","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":""}}]}}]}""";
        var whole = new Script().Text("The quick brown").Chunk(Tool).Finish("tool_calls").Done();
        var heard = await HearAsync(new FailoverBench(Broken(), new Support.ScriptedProvider(whole)));
        Assert.Null(heard.Error);
        Assert.Equal("The quick brown", heard.Text);
        Assert.Contains(heard.Chunks, chunk => chunk.Contains("\"tool_calls\":[{\"index\":0,\"id\":\"x\"", StringComparison.Ordinal) && chunk.StartsWith("{\"id\":\"c\"", StringComparison.Ordinal));

        var third = new SpeakingTarget(Answer, "e");
        var broken = new Script().Text("The quick brown").Chunk(Tool).Fail(new ChatProviderException(ChatErrorKind.Truncated, "again"));
        heard = await HearAsync(new FailoverBench(Broken(), new Support.ScriptedProvider(broken), third));
        Assert.Equal("again", heard.Error!.Message);
        Assert.Empty(third.Requests);
    }

    [Fact]
    public async Task ToolCall_WithTheRestOfTheText_BothAreHandedOn()
    {
        const string Tool = """{"choices":[{"index":0,"delta":{"content":"own","tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":""}}]}}]}""";
        var heard = await HearAsync(new FailoverBench(Broken(), new Support.ScriptedProvider(new Script().Text("The quick br").Chunk(Tool).Finish("tool_calls").Done())));
        Assert.Equal("The quick brown", heard.Text);
        Assert.Single(heard.Chunks, chunk => chunk.Contains("tool_calls\":[", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UserTurn_OnlyWhenNobodyIsCertain()
    {
        var ways = new RescueWays { UserTurn = true };
        var turning = new TurningTarget("Quite another.", "own fox.");
        var heard = await HearAsync(Bench(ways, Broken(), turning));
        Assert.Equal((Answer, 0), (heard.Text, heard.Resets));
        Assert.Equal(2, turning.Requests.Count);
        using var body = JsonDocument.Parse(turning.Requests[1].Body);
        Assert.Equal(
            [("user", "hi"), ("assistant", "The quick br"), ("user", "Your answer was cut off. Go on exactly where it stops: repeat nothing, explain nothing.")],
            body.RootElement.GetProperty("messages").EnumerateArray().Select(message => (message.GetProperty("role").GetString(), message.GetProperty("content").GetString())));

        turning = new TurningTarget("Quite another.", "own fox.");
        heard = await HearAsync(Bench(ways, Broken(), turning, new SpeakingTarget(Answer, "e")));
        Assert.Equal((Answer, 1), (heard.Text, turning.Requests.Count));
    }

    [Fact]
    public async Task UserTurn_Fails_NewAnswerWhereTheReaderCanBeTold()
    {
        var turning = new TurningTarget("Quite another.", null);
        var heard = await HearAsync(Bench(new RescueWays { UserTurn = true }, Broken(), turning), takesReset: true);
        Assert.Equal(("Quite another.", 1, 3), (heard.Text, heard.Resets, turning.Requests.Count));
    }

    [Fact]
    public async Task SameTarget_BreaksAtTheSamePlace_IsAskedOnceMoreOnly()
    {
        var target = new SpeakingTarget(Answer) { Breaks = [12] };
        var heard = await HearAsync(new FailoverBench(target) { Random = 0 });
        Assert.Equal(("The quick br", 2), (heard.Text, target.Requests.Count));
        Assert.Equal("c broke off Nobody could go on with the answer: t1/x: c broke off", heard.Error!.Message);
        Assert.Equal("c broke off", heard.Error.InnerException!.Message);
    }

    [Fact]
    public async Task SameTarget_ComesFurtherEachTime_IsAskedUntilTheAnswerIsWhole()
    {
        var target = new SpeakingTarget(Answer) { Breaks = [3, 9, 15, null] };
        var bench = new FailoverBench(target) { Random = 0 };
        var heard = await HearAsync(bench);
        Assert.Equal((Answer, 4), (heard.Text, target.Requests.Count));
        Assert.Equal(3, heard.Status.Count);
    }

    [Fact]
    public async Task NobodyShows_IsTheErrorAsItIs()
    {
        var second = new SpeakingTarget(Answer, "d");
        var error = await new FailoverBench(Broken(), second).FailAsync();
        Assert.Equal("c broke off", error.Message);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task TargetThatDoesNotLetGo_DoesNotKeepTheNextFromGoingOn()
    {
        var heard = await HearAsync(new FailoverBench(new ClingingTarget(Broken()), new SpeakingTarget(Answer, "d")));
        Assert.Equal(Answer, heard.Text);
    }

    private static SpeakingTarget Broken() => new(Answer) { Breaks = [12], BreaksWith = ChatErrorKind.IdleTimeout };

    private static void AssertNothingRuns(FailoverBench bench) => Assert.All(bench.Targets, target => Assert.Equal(0, target.Health.Describe("m", "t", "x").Active));

    private static FailoverBench Bench(RescueWays ways, params IChatProvider[] targets) =>
        new([.. targets.Select((target, i) => new ChatTarget($"t{i + 1}", target, "x") { Priority = i + 1, Rescue = ways })]);

    private static async Task<HeardAnswer> HearAsync(FailoverBench bench, bool takesReset = false) => await HeardAnswer.OfAsync(bench, Chunks.Streamed, takesReset).Soon();
}
