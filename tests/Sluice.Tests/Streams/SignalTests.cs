using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class SignalTests
{
    [Fact]
    public void WaitAsync_NothingRang_Waits()
    {
        var signal = new Signal();
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void Set_NobodyWaits_IsKeptForTheNextWait()
    {
        var signal = new Signal();
        signal.Set();
        Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void Set_ManyTimes_CountsOnce()
    {
        var signal = new Signal();
        signal.Set();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task Set_SomeoneWaits_GoesOnInsideTheCall()
    {
        var signal = new Signal();
        var caller = 0;
        async Task WaitAsync()
        {
            await signal.WaitAsync();
            caller = Environment.CurrentManagedThreadId;
        }

        var waiting = WaitAsync();
        signal.Set();
        Assert.Equal(Environment.CurrentManagedThreadId, caller);
        await waiting;
    }

    [Fact]
    public async Task Set_TheWaiterWaitsAgainInsideTheCall_NeitherRingsTwiceNorBreaks()
    {
        var signal = new Signal();
        var rounds = 0;
        async Task LoopAsync()
        {
            while (true)
            {
                await signal.WaitAsync();
                if (++rounds == 1000)
                {
                    return;
                }
            }
        }

        var loop = LoopAsync();
        for (var i = 1; i <= 1000; i++)
        {
            signal.Set();
            Assert.Equal(i, rounds);
        }

        await loop.Soon();
    }

    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(2, 50_000)]
    [InlineData(4, 25_000)]
    public async Task Set_ManyThreads_NoRingIsLost(int setters, int rounds)
    {
        // Each setter writes its number and rings; the waiter must see every number, however the two meet.
        var signal = new Signal();
        var written = new long[setters * 16];
        var seen = 0L;

        async Task WaiterAsync()
        {
            while (true)
            {
                var sum = 0L;
                for (var i = 0; i < setters; i++)
                {
                    sum += Volatile.Read(ref written[i * 16]);
                }

                Volatile.Write(ref seen, sum);
                if (sum == (long)setters * rounds)
                {
                    return;
                }

                await signal.WaitAsync();
                await Task.Yield();
            }
        }

        void Ring(int setter)
        {
            for (var i = 1; i <= rounds; i++)
            {
                // Every so often it waits for the waiter, so that a lost ring stands still instead of being covered by the next.
                Volatile.Write(ref written[setter * 16], i);
                signal.Set();
                if (setters == 1 && (i & 31) == (i >> 5 & 31))
                {
                    Await(() => Volatile.Read(ref seen) >= i);
                }
            }
        }

        var waiter = Task.Run(WaiterAsync, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, setters).Select(setter => Task.Factory.StartNew(
            () => Ring(setter), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))).Soon();
        await waiter.Soon();
        Assert.Equal((long)setters * rounds, seen);
    }

    private static void Await(Func<bool> holds)
    {
        var since = TimeProvider.System.GetTimestamp();
        var spin = default(SpinWait);
        while (!holds())
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (TimeProvider.System.GetElapsedTime(since) > Within.Bound)
            {
                throw new TimeoutException("A ring was lost.");
            }
        }
    }

    [Fact]
    public void TryHold_NobodyWaits_IsRefused()
    {
        var signal = new Signal();
        Assert.False(signal.TryHold());
        signal.Set();
        Assert.False(signal.TryHold());
    }

    [Fact]
    public void TryHold_HeldAlready_IsRefused()
    {
        var signal = new Signal();
        var waiting = signal.WaitAsync().AsTask();
        Assert.True(signal.TryHold());
        Assert.False(signal.TryHold());
        Assert.False(waiting.IsCompleted);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    [InlineData(false, true, true)]
    public void LetGo_TheWaiterWakes_WhereSomethingIsLeftOrRang(bool isDone, bool rings, bool wakes)
    {
        var signal = new Signal();
        var waiting = signal.WaitAsync().AsTask();
        Assert.True(signal.TryHold());
        if (rings)
        {
            signal.Set();
        }

        Assert.False(waiting.IsCompleted);
        signal.LetGo(isDone);
        Assert.Equal(wakes, waiting.IsCompleted);

        // A ring was kept for the waiter, and counts once.
        Assert.Equal(!wakes, signal.TryHold());
    }
}
