using Microsoft.Extensions.Time.Testing;
using Sluice.Server.Upstream;

namespace Sluice.Tests.Server.Upstream;

public sealed class PacerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task UntilAsync_MomentHasPassed_CompletesAtOnce()
    {
        using var pacer = new Pacer(_time, CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await pacer.UntilAsync(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public async Task UntilAsync_LateWaiter_KeepsTheAbsoluteSchedule()
    {
        using var pacer = new Pacer(_time, CancellationToken.None);
        var first = pacer.UntilAsync(TimeSpan.FromMilliseconds(10)).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(15));
        await first;
        var second = pacer.UntilAsync(TimeSpan.FromMilliseconds(20)).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await second;
    }

    [Fact]
    public async Task UntilAsync_FractionOfAMillisecond_IsNeverEarly()
    {
        using var pacer = new Pacer(_time, CancellationToken.None);
        var wait = pacer.UntilAsync(TimeSpan.FromMicroseconds(1500)).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await wait;
    }

    [Fact]
    public async Task ForeverAsync_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        using var pacer = new Pacer(_time, cancellation.Token);
        var wait = pacer.ForeverAsync().AsTask();
        Assert.False(wait.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
