using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class RetryPolicyTests
{
    private static readonly RetryOptions s_options = new() { BaseDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(3), MaxRetryAfter = TimeSpan.FromSeconds(5) };

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(2, 0.5, 1)]
    [InlineData(3, 1, 3)]
    [InlineData(60, 1, 3)]
    [InlineData(5000, 1, 3)]
    public void Pause_DoublesUpToTheBound(int tries, double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPolicy.Pause(s_options, new ChatProviderException(ChatErrorKind.Upstream, "x"), tries, random));

    [Theory]
    [InlineData(0, 0.0, 0.0)]
    [InlineData(2, 0.5, 2.5)]
    [InlineData(5, 1.0, 6.0)]
    [InlineData(5.001, 0.0, null)]
    public void Pause_UpstreamSaysWhen_IsThatAndALittleMore(double asked, double random, double? seconds) => Assert.Equal(
        seconds is { } expected ? TimeSpan.FromSeconds(expected) : null,
        RetryPolicy.Pause(s_options, new ChatProviderException(ChatErrorKind.RateLimited, "x") { RetryAfter = TimeSpan.FromSeconds(asked) }, 1, random));

    [Fact]
    public void IsWorthRetrying_WhatTheProviderSaysIsFinal_IsNot() =>
        Assert.False(RetryPolicy.IsWorthRetrying(new ChatProviderException(ChatErrorKind.Upstream, "x") { IsRetryable = false }));

    [Fact]
    public void Budget_ManyQuestionsAtOnce_AllowsTheirShareOfRetries()
    {
        var budget = new RetryBudget(new FakeTimeProvider());
        while (budget.TryTake())
        {
        }

        for (var i = 0; i < 50; i++)
        {
            budget.Asked(20);
        }

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
    }

    [Fact]
    public void Budget_Time_EarnsOneASecondAndNeverMoreThanIsKept()
    {
        var time = new FakeTimeProvider();
        var budget = new RetryBudget(time);
        var kept = Enumerable.Range(0, 1000).Count(_ => budget.TryTake());
        Assert.InRange(kept, 10, 50);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(kept, budget.Left);
    }
}
