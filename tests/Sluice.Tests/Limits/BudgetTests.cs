using Sluice.Chat;
using Sluice.Limits;
using Sluice.Tests.Support;

namespace Sluice.Tests.Limits;

public sealed class BudgetTests
{
    private static readonly Price Price = new(Input: 2, CachedInput: 1, Output: 10);

    [Fact]
    public void TokensPerDay_Spent_AreBackTheNextDay()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerDay = 1000 });
        bench.Spend(400, 599);
        bench.Spend(1, 0);
        var refusal = bench.Refused();
        Assert.Equal((ChatErrorKind.QuotaSpent, 429, "insufficient_quota", "insufficient_quota", false), (refusal.Kind, refusal.Status, refusal.Code, refusal.Type, refusal.IsRetryable));
        Assert.Equal("Spent: your budget of 1,000 tokens a day. It begins anew on 2026-11-30 at 00:00 UTC.", refusal.Message);
        Assert.Equal(TimeSpan.FromHours(12), refusal.RetryAfter);
        bench.Time.Advance(TimeSpan.FromHours(12));
        bench.Ask();
    }

    [Fact]
    public void TokensPerMonth_Spent_AreBackTheNextMonth()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMonth = 1000 });
        bench.Spend(500, 0);
        bench.Time.Advance(TimeSpan.FromDays(1));
        bench.Spend(500, 0);
        Assert.Contains("anew on 2026-12-01", bench.Refused().Message, StringComparison.Ordinal);
        bench.Time.Advance(TimeSpan.FromHours(12));
        bench.Ask();
    }

    [Fact]
    public void CostPerDay_IsThatOfThePrices()
    {
        var bench = new LimitBench(new CallerLimits { CostPerDay = 0.0301m });
        bench.Admission.Table = bench.Admission.Table with { Prices = new Dictionary<string, Price>(StringComparer.Ordinal) { ["chat"] = Price } };
        bench.Spend(10_000, 1000, cached: 5000);
        Assert.Equal(0.025m, bench.Book.Look("caller:a", bench.Today).DayCost);
        bench.Spend(0, 510);
        Assert.Equal("Spent: your budget of 0.0301 a day. It begins anew on 2026-11-30 at 00:00 UTC.", bench.Refused().Message);
        bench.Ask("b");
    }

    [Fact]
    public void CostPerMonth_OtherModels_CostWhatOthersCost()
    {
        var bench = new LimitBench(new CallerLimits { CostPerMonth = 1 });
        bench.Admission.Table = bench.Admission.Table with { OtherPrice = new Price(1_000_000, 0, 0) };
        bench.Spend(1, 0, model: "openai/gpt-5");
        bench.Refused(model: "openai/gpt-5");
    }

    [Fact]
    public void WhatRuns_CountsAsSpent()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerDay = 200 });
        var first = bench.Ask();
        var second = bench.Ask();
        bench.Refused();
        first.Settle(4, 0, 6);
        second.Dispose();
        bench.Ask();
        Assert.Equal(10, bench.Book.Look("caller:a", bench.Today).DayTokens);
    }

    [Fact]
    public void Model_HasABudgetOfItsOwn()
    {
        var bench = new LimitBench();
        bench.Admission.Table = bench.Admission.Table with { Models = new Dictionary<string, CallerLimits>(StringComparer.Ordinal) { ["chat"] = new() { TokensPerDay = 10 } } };
        bench.Spend(10, 0, "a");
        Assert.Contains("the model `chat`'s budget", bench.Refused("b").Message, StringComparison.Ordinal);
        bench.Ask("b", "other");
    }

    [Fact]
    public void Clock_SetBack_NothingIsForgotten()
    {
        var bench = new LimitBench(new CallerLimits { TokensPerMonth = 10 });
        var tomorrow = bench.Today.AddDays(3);
        bench.Book.Add("caller:a", tomorrow, 10, 0);
        bench.Refused();
        bench.Book.Add("caller:a", bench.Today, 5, 0);
        Assert.Equal(15, bench.Book.Look("caller:a", tomorrow).MonthTokens);
    }

    [Fact]
    public void NewMonth_ForgetsWhoDoesNotComeBack()
    {
        var bench = new LimitBench();
        for (var i = 0; i < 100; i++)
        {
            bench.Spend(1, 1, $"c{i}");
        }

        Assert.Equal(100, bench.Book.Count);
        bench.Time.Advance(TimeSpan.FromDays(2));
        bench.Spend(1, 1);
        Assert.Equal(1, bench.Book.Count);
        Assert.Equal(101, bench.Book.TakePending().Count);
        Assert.Empty(bench.Book.TakePending());
    }
}
