using Sluice.Chat;
using Sluice.Limits;
using Sluice.Tests.Support;

namespace Sluice.Tests.Limits;

public sealed class AdmissionTests
{
    [Fact]
    public void NoLimits_EverythingIsLetIn_AndNothingIsReported()
    {
        var bench = new LimitBench();
        for (var i = 0; i < 1000; i++)
        {
            bench.Ask();
        }

        Assert.Equal(default, bench.Admission.Look(LimitBench.Question()));
    }

    [Fact]
    public void Requests_OverTheLimit_AreToldWhenToComeBack()
    {
        var bench = new LimitBench(new CallerLimits { RequestsPerMinute = 2 });
        bench.Ask().Dispose();
        bench.Ask().Dispose();
        var refusal = bench.Refused();
        Assert.Equal((ChatErrorKind.LimitReached, 429, "rate_limit_exceeded", TimeSpan.FromSeconds(30)), (refusal.Kind, refusal.Status, refusal.Code, refusal.RetryAfter!.Value));
        Assert.Equal("Reached: your limit of 2 requests per minute. Ask again in 30 s.", refusal.Message);
        bench.Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        bench.Refused();
        bench.Time.Advance(TimeSpan.FromTicks(1));
        bench.Ask();
        bench.Refused();
    }

    [Fact]
    public void Callers_HaveEachTheirOwn()
    {
        var bench = new LimitBench(new CallerLimits { RequestsPerMinute = 1 });
        bench.Ask("a");
        bench.Ask("b");
        bench.Refused("a");
        bench.Refused("b");
    }

    [Fact]
    public void KeysOfAnOwner_HaveEachTheirOwnRatesAndPlaces()
    {
        var bench = new LimitBench();
        var own = new CallerLimits { RequestsPerMinute = 2, TokensPerMinute = 1000, ConcurrentStreams = 2 };
        for (var i = 0; i < 10; i++)
        {
            bench.Ask(key: "unlimited", maxTokens: 900);
        }

        bench.Ask(key: "a", limits: own);
        bench.Ask(key: "a", limits: own);
        bench.Ask(key: "unlimited", maxTokens: 900);
        Assert.Contains("2 requests per minute", bench.Refused(key: "a", limits: own).Message, StringComparison.Ordinal);
        bench.Ask(key: "other", limits: own);
        Assert.Equal((2, 11, 1), (bench.Admission.Active("caller:a"), bench.Admission.Active("caller:a\nunlimited"), bench.Admission.Active("caller:a\nother")));
        Assert.Equal(new LimitState(2, 1, TimeSpan.FromSeconds(30)), bench.Admission.Look(LimitBench.Question(key: "other", limits: own)).Requests);
    }

    [Fact]
    public void KeysOfAnOwner_SpendTheSameBudget_AndSeeWhatTheOtherIsExpectedToSpend()
    {
        var bench = new LimitBench();
        var own = new CallerLimits { TokensPerDay = 1000 };
        var running = bench.Ask(key: "second", maxTokens: 996);
        Assert.Equal(ChatErrorKind.QuotaSpent, bench.Refused(key: "a", limits: own).Kind);
        running.Dispose();
        bench.Ask(key: "a", limits: own).Dispose();

        // Long after, when nobody remembers either key, the budget is still that of both.
        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Ask("b").Dispose();
        using (var grant = bench.Ask(key: "second"))
        {
            grant.Settle(500, 0, 500);
        }

        Assert.Equal(ChatErrorKind.QuotaSpent, bench.Refused(key: "a", limits: own).Kind);
        Assert.Equal(1000, bench.Book.Look("caller:a", bench.Today).DayTokens);
    }

    [Fact]
    public void Purse_StaysTheSame_AsLongAsOneKeyOfItsOwnerRuns()
    {
        var bench = new LimitBench();
        var own = new CallerLimits { TokensPerDay = 1000 };
        bench.Ask(key: "a", limits: own).Dispose();
        bench.Ask(key: "second", maxTokens: 996);
        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Ask("b");
        Assert.Equal(0, bench.Admission.Active("caller:a"));
        Assert.Equal(ChatErrorKind.QuotaSpent, bench.Refused(key: "a", limits: own).Kind);
    }

    [Fact]
    public void OwnLimits_GoBeforeEveryones_OneByOne()
    {
        var bench = new LimitBench(new CallerLimits { RequestsPerMinute = 1, ConcurrentStreams = 2 });
        var own = new CallerLimits { RequestsPerMinute = 10 };
        bench.Ask(limits: own);
        bench.Ask(limits: own);
        Assert.Contains("2 answers at once", bench.Refused(limits: own).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_AreGivenBackOnce_ByTheFirstOfSeveralCalls()
    {
        var bench = new LimitBench(new CallerLimits { ConcurrentStreams = 2 });
        var first = bench.Ask();
        bench.Ask();
        var refusal = bench.Refused();
        Assert.Null(refusal.RetryAfter);
        Assert.Equal("Reached: your limit of 2 answers at once. Ask again when one of them has ended.", refusal.Message);
        first.Dispose();
        first.Dispose();
        bench.Ask();
        bench.Refused();
    }

    [Fact]
    public void Tokens_WhatIsExpectedIsHeld_AndThenWhatItWas()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMinute = 1000 });
        var grant = bench.Ask(maxTokens: 596);
        Assert.Equal(new LimitState(1000, 400, TimeSpan.Zero), bench.Admission.Look(LimitBench.Question()).Tokens);
        Assert.Equal(TimeSpan.FromSeconds(1), bench.Refused(maxTokens: 397).RetryAfter);
        grant.Settle(100, 0, 200);
        grant.Settle(100, 0, 200);
        grant.Dispose();
        Assert.Equal(new LimitState(1000, 700, TimeSpan.FromSeconds(18)), bench.Admission.Look(LimitBench.Question()).Tokens);
        bench.Ask(maxTokens: 696);
    }

    [Fact]
    public void Tokens_NothingSettled_AreGivenBack()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMinute = 1000 });
        bench.Ask(maxTokens: 900).Dispose();
        Assert.Equal(1000, bench.Admission.Look(LimitBench.Question()).Tokens!.Value.Remaining);
        Assert.Equal(0, bench.Admission.Busy);
    }

    [Fact]
    public void Tokens_OfALongAnswer_CountWhenItEnds()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMinute = 1000 });
        var grant = bench.Ask(maxTokens: 996);
        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Refused();
        grant.Settle(4, 0, 996);
        Assert.Equal(TimeSpan.FromSeconds(6.24), bench.Refused().RetryAfter);
    }

    [Fact]
    public void Tokens_MoreThanExpected_AreADebt()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMinute = 1000 });
        bench.Spend(0, 3000);
        Assert.Equal(new LimitState(1000, 0, TimeSpan.FromMinutes(3)), bench.Admission.Look(LimitBench.Question()).Tokens);
        bench.Time.Advance(TimeSpan.FromMinutes(2));
        bench.Refused();
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        bench.Ask();
    }

    [Fact]
    public void Tokens_MoreThanThereIsInAMinute_AreLetInAlone()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMinute = 1000 });
        var grant = bench.Ask(maxTokens: 100_000);
        bench.Refused(maxTokens: 1);
        grant.Settle(4, 0, 10);
        bench.Refused(maxTokens: 100_000);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        bench.Ask(maxTokens: 100_000);
    }

    [Theory]
    [InlineData("""{"max_completion_tokens":50,"n":3}""", 150L)]
    [InlineData("""{"max_tokens":50}""", 50L)]
    [InlineData("""{"max_tokens":-1,"n":0}""", null)]
    [InlineData("""{"max_tokens":"7","n":[1,{"n":2}]}""", null)]
    [InlineData("""{"max_tokens":9223372036854775807,"n":9223372036854775807}""", 1_000_000_000_000L)]
    [InlineData("""{"max_tokens":1e99}""", null)]
    public void MaxTokens_AreReadAsFarAsTheyMakeSense(string body, long? expected) =>
        Assert.Equal(expected, ChatRequest.Parse(System.Text.Encoding.UTF8.GetBytes(body)).MaxAnswerTokens);

    [Fact]
    public void Model_IsLimitedForAllCallersTogether()
    {
        var bench = new LimitBench();
        bench.Admission.Table = bench.Admission.Table with { Models = Limit("chat", new CallerLimits { RequestsPerMinute = 2 }) };
        bench.Ask("a");
        bench.Ask("b");
        Assert.Contains("the model `chat`'s limit of 2 requests per minute", bench.Refused("c").Message, StringComparison.Ordinal);
        bench.Ask("c", "other");
        Assert.Equal(0, bench.Admission.Look(LimitBench.Question("d")).Requests!.Value.Remaining);
    }

    [Fact]
    public void RefusedByTheModel_TakesNothingFromTheCaller()
    {
        var bench = new LimitBench(new CallerLimits { RequestsPerMinute = 2, ConcurrentStreams = 2, TokensPerMinute = 1000 });
        bench.Admission.Table = bench.Admission.Table with { Models = Limit("chat", new CallerLimits { ConcurrentStreams = 1 }) };
        bench.Ask("b").Dispose();
        var place = bench.Ask("b");
        bench.Refused("a");
        Assert.Equal(0, bench.Admission.Active("caller:a"));
        Assert.Equal(2, bench.Admission.Look(LimitBench.Question("a")).Requests!.Value.Remaining);
        place.Dispose();
        bench.Ask("a");
    }

    [Fact]
    public void OtherLimits_ComeIntoForce_AndWhatRunsGoesOn()
    {
        var bench = new LimitBench();
        var grant = bench.Ask(maxTokens: 500);
        bench.Ask();
        bench.Admission.Table = bench.Admission.Table with { Everyone = new CallerLimits { ConcurrentStreams = 1, TokensPerMinute = 600 } };
        bench.Refused();
        grant.Settle(0, 0, 10);
        grant.Dispose();
        bench.Refused();
        bench.Admission.Table = bench.Admission.Table with { Everyone = new CallerLimits() };
        bench.Ask();
    }

    [Fact]
    public void IdleCallers_AreForgotten_AndOthersAreNot()
    {
        var bench = new LimitBench(new CallerLimits { RequestsPerMinute = 1, ConcurrentStreams = 1 });
        for (var i = 0; i < 1000; i++)
        {
            bench.Ask($"c{i}").Dispose();
        }

        var held = bench.Ask("held");
        bench.Time.Advance(TimeSpan.FromMinutes(11));
        bench.Ask("other");
        Assert.Equal(2, bench.Admission.Busy);
        Assert.Equal(1, bench.Admission.Active("caller:held"));
        bench.Refused("held");
        held.Dispose();
        bench.Ask("held");
    }

    [Fact]
    public void AbsurdUsage_DoesNotOverflow()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMinute = 10 });
        bench.Admission.Table = bench.Admission.Table with { OtherPrice = new Price(1_000_000, 0, 1_000_000) };
        bench.Spend(long.MaxValue, long.MaxValue, cached: long.MaxValue);
        Assert.True(bench.Refused().RetryAfter > TimeSpan.FromDays(365));
    }

    private static Dictionary<string, CallerLimits> Limit(string model, CallerLimits limits) => new(StringComparer.Ordinal) { [model] = limits };
}
