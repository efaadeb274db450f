using Microsoft.Extensions.Time.Testing;

namespace Sluice.Tests.Pipeline;

/// <summary>A clock that the test moves, which counts the timers that are made of it.</summary>
internal sealed class CountingTime : FakeTimeProvider
{
    public int Timers { get; private set; }

    /// <summary>Run once, at the next look at the clock.</summary>
    public Action? OnLook { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timers++;
        return base.CreateTimer(callback, state, dueTime, period);
    }

    public override long GetTimestamp()
    {
        long now = base.GetTimestamp();
        Action? onLook = OnLook;
        OnLook = null;
        onLook?.Invoke();
        return now;
    }
}
