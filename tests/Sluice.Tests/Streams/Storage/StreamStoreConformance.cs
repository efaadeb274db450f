using System.Buffers;
using System.Text;
using Sluice.Sse;
using Sluice.Streams;
using Sluice.Streams.Storage;

namespace Sluice.Tests.Streams.Storage;

/// <summary>What every store must do, seen from outside. A store's tests derive from this class and say how to make one and how time passes.</summary>
public abstract class StreamStoreConformance
{
    protected static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(2);
    protected static readonly TimeSpan OrphanTime = TimeSpan.FromSeconds(30);

    private readonly StreamId _id = StreamId.New();
    private readonly Lazy<IStreamStore> _store;
    private int _cancels;

    // Made once, also where many ask for it at the same moment.
    protected StreamStoreConformance() => _store = new Lazy<IStreamStore>(() => Create(LeaseTime, OrphanTime));

    private IStreamStore Store => _store.Value;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A store without streams of this test's names.</summary>
    internal abstract IStreamStore Create(TimeSpan leaseTime, TimeSpan orphanTime);

    /// <summary>Lets the store's clock go on.</summary>
    internal abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task Acquire_New_IsTheFirstOwner()
    {
        var lease = await AcquireAsync();
        Assert.Equal(new StreamLease(_id.Value, 1, 0), lease);
        Assert.Null(await TryAcquireAsync());
    }

    [Fact]
    public async Task Acquire_ManyRace_OneWins()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TryAcquireAsync().AsTask())));
        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    public async Task Acquire_LeaseRanOut_TakesOverWhereTheLogEnds()
    {
        var first = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, first, 0, 1, 2, 3);
        await PassAsync(LeaseTime);
        Assert.Equal(new StreamLease(_id.Value, 2, 3), await AcquireAsync());
    }

    [Fact]
    public async Task Renew_InTime_KeepsTheLease()
    {
        var lease = await AcquireAsync();
        for (var i = 0; i < 5; i++)
        {
            await PassAsync(LeaseTime * 0.75);
            Assert.Null(await TryAcquireAsync());
            Assert.True(await Store.TryRenewAsync(lease, Token));
        }

        await PassAsync(LeaseTime);
        await AcquireAsync();
        Assert.False(await Store.TryRenewAsync(lease, Token));
    }

    [Fact]
    public async Task Release_AnotherTakesOverAtOnce()
    {
        var first = await AcquireAsync();
        await Store.ReleaseAsync(first, Token);
        var second = await AcquireAsync();
        Assert.Equal(2, second.Epoch);

        // Who has lost the lease cannot release that of another.
        await Store.ReleaseAsync(first, Token);
        Assert.Null(await TryAcquireAsync());
    }

    [Fact]
    public async Task Append_OfAZombie_IsFenced()
    {
        var zombie = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, zombie, 0, 1, 2);
        await PassAsync(LeaseTime);
        var owner = await AcquireAsync();
        await IsAsync(StreamAppend.Fenced, zombie, 2, 3);

        // Also what it has written itself, and its end.
        await IsAsync(StreamAppend.Fenced, zombie, 1, 2);
        Assert.Equal(StreamAppend.Fenced, await Store.EndAsync(zombie, LeaseTime, Token));
        await IsAsync(StreamAppend.Ok, owner, 2, 3);
        await ReadsAsync(0, 1, 2, 3);
    }

    [Fact]
    public async Task Append_Again_IsInTheLogOnce()
    {
        var lease = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, lease, 0, 1, 2, 3);
        await IsAsync(StreamAppend.Ok, lease, 0, 1, 2, 3);
        await IsAsync(StreamAppend.Ok, lease, 1, 2);
        await ReadsAsync(0, 1, 2, 3);
    }

    [Fact]
    public async Task Append_DoesNotContinue_IsAGap()
    {
        var lease = await AcquireAsync();
        await IsAsync(StreamAppend.Gap, lease, 1, 2);
        await IsAsync(StreamAppend.Ok, lease, 0, 1, 2);
        await IsAsync(StreamAppend.Gap, lease, 3, 4);

        // Others stand in its place, or only a part of it is there.
        Assert.Equal(StreamAppend.Gap, await Store.AppendAsync(lease, 1, Frames("other", 2), Token));
        await IsAsync(StreamAppend.Gap, lease, 1, 2, 3);
        await ReadsAsync(0, 1, 2);
    }

    [Fact]
    public async Task Append_AfterTheEnd_IsClosedUnlessItIsThere()
    {
        var lease = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, lease, 0, 1, 2);
        Assert.Equal(StreamAppend.Ok, await Store.EndAsync(lease, OrphanTime, Token));
        Assert.Equal(StreamAppend.Ok, await Store.EndAsync(lease, OrphanTime, Token));
        await IsAsync(StreamAppend.Closed, lease, 2, 3);
        await IsAsync(StreamAppend.Ok, lease, 1, 2);
        await ReadsAsync(0, 1, 2);
    }

    [Fact]
    public async Task Append_NoSuchStream_IsMissing()
    {
        var nobody = new StreamLease(_id.Value, 1, 0);
        await IsAsync(StreamAppend.Missing, nobody, 0, 1);
        Assert.Equal(StreamAppend.Missing, await Store.EndAsync(nobody, LeaseTime, Token));
        Assert.False(await Store.TryRenewAsync(nobody, Token));
        Assert.Null(await Store.ReadAsync(_id.Value, 0, 1000, Token));
        Assert.False(await Store.CancelAsync(_id.Value, Token));
    }

    [Fact]
    public async Task Read_FromEverywhere_InEverySize()
    {
        var lease = await AcquireAsync();
        for (var i = 0; i < 20; i += 4)
        {
            await IsAsync(StreamAppend.Ok, lease, i, i + 1, i + 2, i + 3, i + 4);
        }

        for (var after = 0; after <= 20; after++)
        {
            await ReadsAsync(after, [.. Enumerable.Range(after + 1, 20 - after)]);
            var some = (await Store.ReadAsync(_id.Value, after, 1, Token))!;
            Assert.Equal(Math.Min(after + 1, 20), some.Last);
            Assert.False(some.IsEnd);
        }

        var ahead = (await Store.ReadAsync(_id.Value, 25, 1000, Token))!;
        Assert.Equal((0, 25, false), (ahead.Frames.Length, ahead.Last, ahead.IsEnd));
    }

    [Fact]
    public async Task Read_ReachesTheEnd_SaysSo()
    {
        var lease = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, lease, 0, 1, 2);
        await Store.EndAsync(lease, OrphanTime, Token);
        Assert.False((await Store.ReadAsync(_id.Value, 0, 1, Token))!.IsEnd);
        Assert.True((await Store.ReadAsync(_id.Value, 0, 1000, Token))!.IsEnd);
        Assert.True((await Store.ReadAsync(_id.Value, 2, 1000, Token))!.IsEnd);
    }

    [Fact]
    public async Task Subscribe_HearsOfAppendsAndTheEnd_UntilDisposed()
    {
        var lease = await AcquireAsync();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = 0L;
        var hints = 0;
        using (Store.Subscribe(_id.Value, sequence =>
        {
            Interlocked.Increment(ref hints);
            if (Interlocked.Exchange(ref last, sequence) < 2 && sequence == 2)
            {
                heard.TrySetResult();
            }
        }))
        {
            await IsAsync(StreamAppend.Ok, lease, 0, 1, 2);
            await Support.Within.Soon(heard.Task);
            Assert.Equal(2, Interlocked.Read(ref last));
        }

        var before = Volatile.Read(ref hints);
        await IsAsync(StreamAppend.Ok, lease, 2, 3);
        Assert.Equal(before, Volatile.Read(ref hints));
    }

    [Fact]
    public async Task Cancel_ReachesTheOwnerOnce_AndWhoTakesOver()
    {
        await AcquireAsync();
        Assert.True(await Store.CancelAsync(_id.Value, Token));
        Assert.True(await Store.CancelAsync(_id.Value, Token));
        await Support.Within.UntilAsync(() => Volatile.Read(ref _cancels) == 1);
        await PassAsync(LeaseTime);
        await AcquireAsync();
        await Support.Within.UntilAsync(() => Volatile.Read(ref _cancels) == 2);
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_ChangesNothing()
    {
        var lease = await AcquireAsync();
        await Store.EndAsync(lease, OrphanTime, Token);
        Assert.True(await Store.CancelAsync(_id.Value, Token));
        Assert.Equal(0, Volatile.Read(ref _cancels));
    }

    [Fact]
    public async Task End_TheTimeToLiveCountsFromThere()
    {
        var lease = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, lease, 0, 1);
        await Store.EndAsync(lease, OrphanTime, Token);
        Assert.Null(await TryAcquireAsync());
        await PassAsync(OrphanTime * 0.75);

        // Told once more, it does not begin anew.
        await Store.EndAsync(lease, OrphanTime, Token);
        await ReadsAsync(0, 1);
        await PassAsync(OrphanTime * 0.5);
        Assert.Null(await Store.ReadAsync(_id.Value, 0, 1000, Token));
        await IsAsync(StreamAppend.Missing, lease, 1, 2);
    }

    [Fact]
    public async Task NoOwnerAndNoEnd_IsKeptForAWhile()
    {
        var lease = await AcquireAsync();
        await IsAsync(StreamAppend.Ok, lease, 0, 1);
        await PassAsync(LeaseTime + (OrphanTime * 0.5));
        await ReadsAsync(0, 1);
        await PassAsync(OrphanTime);
        Assert.Null(await Store.ReadAsync(_id.Value, 0, 1000, Token));
    }

    private ValueTask<StreamLease?> TryAcquireAsync() => Store.TryAcquireAsync(_id.Value, () => Interlocked.Increment(ref _cancels), Token);

    private async Task<StreamLease> AcquireAsync()
    {
        var lease = await TryAcquireAsync();
        Assert.NotNull(lease);
        return lease;
    }

    private async Task IsAsync(StreamAppend expected, StreamLease lease, long after, params int[] numbers) =>
        Assert.Equal(expected, await Store.AppendAsync(lease, after, Frames("event", numbers), Token));

    private async Task ReadsAsync(long after, params int[] numbers)
    {
        var batch = await Store.ReadAsync(_id.Value, after, int.MaxValue, Token);
        Assert.NotNull(batch);
        Assert.Equal(Encoding.UTF8.GetString(Frames("event", numbers).Span), Encoding.UTF8.GetString(batch.Frames.Span));
        Assert.Equal(after + numbers.Length, batch.Last);
    }

    private ReadOnlyMemory<byte> Frames(string text, params int[] numbers)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var number in numbers)
        {
            SseWriter.WriteEvent(output, _id.Utf8, number, Encoding.UTF8.GetBytes($"{text} {number}"));
        }

        return output.WrittenMemory;
    }
}
