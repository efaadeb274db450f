using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Chat;

public sealed class PolledTaskTests
{
    [Fact]
    public void TryTake_HasCompleted_IsTakenAtOnce()
    {
        var polled = new PolledTask<int>();
        Assert.False(polled.IsUnderWay);
        polled.Begin(new ValueTask<int>(3));
        Assert.True(polled.IsUnderWay);
        Assert.True(polled.TryTake(out var result));
        Assert.Equal(3, result);
        Assert.False(polled.IsUnderWay);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wait_BeforeAndAfterItCompletes_IsExecutedOnceAndNeverInside(bool isSource)
    {
        var polled = new PolledTask<int>();
        var source = new Source();
        using var waiter = new CountedWaiter();
        for (var i = 0; i < 200; i++)
        {
            var completion = new TaskCompletionSource<int>();
            polled.Begin(isSource ? source.Begin() : new ValueTask<int>(completion.Task));
            Assert.False(polled.TryTake(out _));
            Assert.True(polled.IsUnderWay);
            if (i % 2 == 0)
            {
                source.Complete(i);
                completion.SetResult(i);
                waiter.Begin(polled.Wait);
            }
            else
            {
                waiter.Begin(polled.Wait);
                Assert.False(polled.TryTake(out _));
                Assert.Equal(i, waiter.Count);

                // Who waits goes on inside this call.
                source.Complete(i);
                completion.SetResult(i);
                Assert.Equal(i + 1, waiter.Count);
            }

            await waiter.ExecutedAsync();
            Assert.True(polled.TryTake(out var result));
            Assert.Equal(i, result);
        }

        Assert.Equal(200, waiter.Count);
        Assert.False(waiter.WasInside);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryTake_ItFails_IsThrownOnceAndTheNextBegins(bool waits)
    {
        var polled = new PolledTask<int>();
        using var waiter = new CountedWaiter();
        var completion = new TaskCompletionSource<int>();
        polled.Begin(new ValueTask<int>(completion.Task));
        if (waits)
        {
            waiter.Begin(polled.Wait);
        }

        completion.SetException(new IOException("broken"));
        if (waits)
        {
            await waiter.ExecutedAsync();
        }

        Assert.Equal("broken", Assert.Throws<IOException>(() => polled.TryTake(out _)).Message);
        Assert.False(polled.IsUnderWay);
        polled.Begin(ValueTask.FromCanceled<int>(new CancellationToken(canceled: true)));
        Assert.ThrowsAny<OperationCanceledException>(() => polled.TryTake(out _));
        Assert.False(polled.IsUnderWay);
        polled.Begin(new ValueTask<int>(1));
        Assert.True(polled.TryTake(out _));
    }

    [Fact]
    public async Task Wait_SomebodyElseNextTime_OnlyThatOneIsExecuted()
    {
        var polled = new PolledTask<int>();
        using var first = new CountedWaiter();
        using var second = new CountedWaiter();
        foreach (var waiter in new[] { first, second })
        {
            var completion = new TaskCompletionSource<int>();
            polled.Begin(new ValueTask<int>(completion.Task));
            waiter.Begin(polled.Wait);
            completion.SetResult(0);
            await waiter.ExecutedAsync();
            Assert.True(polled.TryTake(out _));
        }

        Assert.Equal((1, 1), (first.Count, second.Count));
    }

    [Fact]
    public void TryTake_WhatItBrought_IsNotHeldOnTo()
    {
        var polled = new PolledTask<object>();
        var brought = Take(polled);
        GC.Collect();
        Assert.False(brought.IsAlive);
        GC.KeepAlive(polled);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Take(PolledTask<object> polled)
    {
        polled.Begin(new ValueTask<object>(Task.FromResult(new object())));
        Assert.True(polled.TryTake(out var result));
        return new WeakReference(result);
    }

    // What pipes and sockets give: one object for one task after the other.
    private sealed class Source : IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _core;

        public ValueTask<int> Begin()
        {
            _core.Reset();
            return new ValueTask<int>(this, _core.Version);
        }

        public void Complete(int result)
        {
            if (_core.GetStatus(_core.Version) == ValueTaskSourceStatus.Pending)
            {
                _core.SetResult(result);
            }
        }

        public int GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
