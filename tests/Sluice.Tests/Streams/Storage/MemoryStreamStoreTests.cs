using Microsoft.Extensions.Time.Testing;
using Sluice.Streams.Storage;

namespace Sluice.Tests.Streams.Storage;

public sealed class MemoryStreamStoreTests : StreamStoreConformance
{
    private readonly FakeTimeProvider _time = new();

    internal override IStreamStore Create(TimeSpan leaseTime, TimeSpan orphanTime) => new MemoryStreamStore(_time, leaseTime, orphanTime);

    internal override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Expired_NothingIsLeft()
    {
        var store = new MemoryStreamStore(_time, LeaseTime, OrphanTime);
        for (var i = 0; i < 100; i++)
        {
            var lease = (await store.TryAcquireAsync($"st_{i}", () => { }, CancellationToken.None))!;
            if (i % 2 == 0)
            {
                await store.EndAsync(lease, LeaseTime, CancellationToken.None);
            }
        }

        Assert.Equal(100, store.Count);
        _time.Advance(LeaseTime + OrphanTime);
        Assert.Equal(0, store.Count);
    }
}
