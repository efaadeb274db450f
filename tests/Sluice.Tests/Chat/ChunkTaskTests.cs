using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Chat;

public sealed class ChunkTaskTests
{
    [Fact]
    public async Task Begin_OneAfterTheOther_EachHasItsOwnOutcome()
    {
        var task = new ChunkTask();
        for (var i = 0; i < 100; i++)
        {
            var wait = task.Begin();
            Assert.False(wait.IsCompleted);
            if (i % 3 == 0)
            {
                task.Fail(new IOException($"{i}"));
                Assert.Equal($"{i}", (await Assert.ThrowsAsync<IOException>(async () => await wait)).Message);
                continue;
            }

            task.Complete(i % 3 == 1);
            Assert.Equal(i % 3 == 1, await wait);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_SomebodyWaits_GoesOnInsideTheCall(bool fails)
    {
        var task = new ChunkTask();
        var thread = 0;
        var waiting = WaitAsync();
        Assert.Equal(0, thread);
        if (fails)
        {
            task.Fail(new IOException());
        }
        else
        {
            task.Complete(true);
        }

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        await waiting.Soon();

        async Task WaitAsync()
        {
            try
            {
                await task.Begin();
            }
            catch (IOException)
            {
                // What it was told.
            }

            thread = Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task Begin_TheLastOneIsAskedAgain_IsRefused()
    {
        var task = new ChunkTask();
        var first = task.Begin();
        task.Complete(true);
        Assert.True(await first);
        var second = task.Begin();
#pragma warning disable CA2012 // Which is what must not work.
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await first);
#pragma warning restore CA2012
        task.Complete(false);
        Assert.False(await second);
    }
}
