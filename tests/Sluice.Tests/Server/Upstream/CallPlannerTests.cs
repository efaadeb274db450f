using Microsoft.Extensions.Time.Testing;
using Sluice.Server.Upstream;
using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Tests.Server.Upstream;

public sealed class CallPlannerTests
{
    [Fact]
    public void Plan_FaultWithoutAPlace_StrikesAfterTwoThirds() => Assert.Equal(40, new CallPlanner(new(), TimeProvider.System).Plan("any").At);

    [Fact]
    public void Plan_FailFirst_EndsPerModel()
    {
        var planner = new CallPlanner(new() { Scenario = "500", FailFirst = 2 }, TimeProvider.System);
        Assert.NotSame(AnswerScenario.Plain, planner.Plan("a").Scenario);
        Assert.NotSame(AnswerScenario.Plain, planner.Plan("a").Scenario);
        Assert.Same(AnswerScenario.Plain, planner.Plan("a").Scenario);
        Assert.NotSame(AnswerScenario.Plain, planner.Plan("b").Scenario);
    }

    [Fact]
    public void Plan_ScenarioThatFailsOnce_IsFineTheSecondTime()
    {
        var planner = new CallPlanner(new(), TimeProvider.System);
        Assert.NotSame(AnswerScenario.Plain, planner.Plan("sim-1-0-s01").Scenario);
        Assert.Same(AnswerScenario.Plain, planner.Plan("sim-1-0-s01").Scenario);
    }

    [Fact]
    public void Plan_FlappingTarget_ComesAndGoesForAMinute()
    {
        var time = new FakeTimeProvider();
        var planner = new CallPlanner(new(), time);
        var isFine = new List<bool>();
        for (var i = 0; i < 9; i++)
        {
            isFine.Add(ReferenceEquals(AnswerScenario.Plain, planner.Plan("sim-1-0-s15").Scenario));
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal([false, true, false, true, false, true, true, true, true], isFine);
    }

    [Fact]
    public void Plan_Random_IsTheSameForASeed_AndFailsAsOftenAsSaid()
    {
        List<IScenario> Draw(long seed)
        {
            var planner = new CallPlanner(new() { Scenario = "random", Seed = seed }, TimeProvider.System);
            return [.. Enumerable.Range(0, 1000).Select(_ => planner.Plan("any").Scenario)];
        }

        var drawn = Draw(7);
        Assert.Equal(drawn, Draw(7));
        Assert.NotEqual(drawn, Draw(8));
        Assert.InRange(drawn.Count(scenario => !ReferenceEquals(scenario, AnswerScenario.Plain)), 250, 350);
        Assert.Equal(7, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData((int)UpstreamDialect.OpenAi, null, true)]
    [InlineData((int)UpstreamDialect.Bella, null, false)]
    [InlineData((int)UpstreamDialect.Bella, true, true)]
    public void Plan_Done_IsAsTheDialectDoesUnlessSaid(int dialect, bool? said, bool done) =>
        Assert.Equal(done, new CallPlanner(new() { Dialect = (UpstreamDialect)dialect, Done = said }, TimeProvider.System).Plan("any").Done);

    [Fact]
    public void Plan_UnknownScenarioInTheModel_NamesThoseThatExist() =>
        Assert.Contains("headers-then-hang", Assert.Throws<UnknownScenarioException>(() => new CallPlanner(new(), TimeProvider.System).Plan("sim-1-0-nope")).Message, StringComparison.Ordinal);
}
