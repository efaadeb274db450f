using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(2);

    [Fact]
    public void Start_DeadlinePasses_Cancels()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        limit.Start(limit.In(s_second));
        time.Advance(s_second - s_tick);
        Assert.False(limit.Token.IsCancellationRequested || limit.IsOver);
        time.Advance(s_tick * 2);
        Assert.True(limit.Token.IsCancellationRequested && limit.IsOver);
    }

    [Fact]
    public void Stop_BeforeTheDeadline_NeverCancels()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        limit.Start(limit.In(s_second));
        limit.Stop();
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(limit.Token.IsCancellationRequested || limit.IsOver);
    }

    [Fact]
    public void Start_AgainAndAgain_TakesTheLastDeadlineWithOneTimer()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        for (int i = 0; i < 1000; i++)
        {
            limit.Start(limit.In(s_second));
            time.Advance(s_second * 0.9);
            limit.Stop();
        }

        Assert.False(limit.IsOver);
        limit.Start(limit.In(s_second));
        time.Advance(s_second + s_tick);
        Assert.True(limit.IsOver);
        Assert.Equal(1, time.Timers);
    }

    [Fact]
    public void Start_EarlierThanTheDeadlineBefore_RingsInTime()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        limit.Start(limit.In(s_second * 60));
        limit.Stop();
        limit.Start(limit.In(s_second));
        time.Advance(s_second + s_tick);
        Assert.True(limit.IsOver);
    }

    [Fact]
    public void Start_EarlierDeadlineWhileTheTimerRings_RingsInTime()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        limit.Start(limit.In(s_second));
        limit.Stop();
        limit.Start(limit.In(s_second * 60));
        // The timer set for the first deadline rings; while it looks at the clock, another thread starts a shorter wait.
        long soon = limit.In(s_second * 2);
        time.OnLook = () => limit.Start(soon);
        time.Advance(s_second + s_tick);
        Assert.Null(time.OnLook);
        time.Advance(s_second + s_tick);
        Assert.True(limit.IsOver);
    }

    [Fact]
    public void Start_DeadlineHasPassed_CancelsAtTheNextTick()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        long past = limit.In(TimeSpan.Zero);
        time.Advance(s_second);
        limit.Start(past);
        time.Advance(s_tick);
        Assert.True(limit.IsOver);
    }

    [Fact]
    public void Token_CallerCancels_IsCancelledButNotOver()
    {
        using var caller = new CancellationTokenSource();
        using var limit = new TimeLimit(new CountingTime(), caller.Token);
        caller.Cancel();
        Assert.Equal((true, false), (limit.Token.IsCancellationRequested, limit.IsOver));
    }

    [Fact]
    public void Dispose_WhileItRings_IsHarmless()
    {
        var time = new CountingTime();
        var limit = new TimeLimit(time, CancellationToken.None);
        limit.Start(limit.In(s_second));
        time.OnLook = limit.Dispose;
        time.Advance(s_second + s_tick);
        Assert.Null(time.OnLook);
        Assert.True(limit.IsOver);
    }

    [Fact]
    public void Rings_ACallbackOfTheProviderThrows_DoesNotReachTheTimersThread()
    {
        var time = new CountingTime();
        using var limit = new TimeLimit(time, CancellationToken.None);
        using var callback = limit.Token.Register(static () => throw new InvalidOperationException("callback"));
        limit.Start(limit.In(s_second));
        time.Advance(s_second + s_tick);
        Assert.True(limit.IsOver);
        Assert.True(limit.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task StartAndStop_RacingWithTheClock_EveryWaitThatLastsIsCancelled()
    {
        for (int i = 0; i < 200; i++)
        {
            var time = new CountingTime();
            using var limit = new TimeLimit(time, CancellationToken.None);
            Task clock = Task.Run(() =>
            {
                for (int tick = 0; tick < 50; tick++)
                    time.Advance(TimeSpan.FromMilliseconds(7));
            }, TestContext.Current.CancellationToken);
            do
            {
                limit.Start(limit.In(TimeSpan.FromMilliseconds(10)));
                limit.Stop();
                limit.Start(limit.In(TimeSpan.FromMilliseconds(5)));
            }
            while (!clock.IsCompleted);

            await clock;
            // The clock may have run on for as long as it ran at all while the limit was being set.
            time.Advance(s_second);
            Assert.True(limit.IsOver);
        }
    }
}
