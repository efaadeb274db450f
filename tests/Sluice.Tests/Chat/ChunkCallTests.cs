using System.Threading.Channels;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Chat;

public sealed class ChunkCallTests
{
    [Fact]
    public async Task MoveNextAsync_OverAForeignIterator_SaysWhatItSays()
    {
        var steps = Channel.CreateUnbounded<object>();
        await using var call = new LayerCall(new LayerCall(Said.ForeignAsync(steps.Reader)));
        for (var i = 0; i < 100; i++)
        {
            // There before it is asked for, or afterwards.
            if (i % 3 == 0)
            {
                steps.Writer.TryWrite($"{i}");
            }

            var next = Said.NextAsync(call);
            if (i % 3 != 0)
            {
                Assert.False(next.IsCompleted);
                steps.Writer.TryWrite($"{i}");
            }

            Assert.Equal($"{i}", await next);
        }

        steps.Writer.Complete();
        Assert.Null(await Said.NextAsync(call));
        Assert.Null(await Said.NextAsync(call));
    }

    [Fact]
    public async Task MoveNextAsync_OverAnotherCall_NeedsNoTaskBetween()
    {
        var source = new SourceCall();
        await using var call = new LayerCall(new LayerCall(source));
        for (var i = 0; i < 100; i++)
        {
            if (i % 2 == 0)
            {
                source.Say($"{i}");
                Assert.Equal($"{i}", await Said.NextAsync(call));
                continue;
            }

            var next = Said.NextAsync(call);
            Assert.False(next.IsCompleted);
            source.Say($"{i}");
            Assert.Equal($"{i}", await next);
        }

        source.Say(null);
        Assert.Null(await Said.NextAsync(call));
        Assert.Equal((0, 50), (source.Tasks, source.Waits));
    }

    [Fact]
    public async Task MoveNextAsync_ItHasToBeWaitedFor_TheReaderGoesOnInsideWhoeverSaysIt()
    {
        var source = new SourceCall();
        await using var call = new LayerCall(new LayerCall(source));
        var seen = new List<int>();
        var reading = ReadAsync();
        for (var i = 0; i < 10; i++)
        {
            source.Say($"{i}");
            Assert.Equal(i + 1, seen.Count);
        }

        source.Say(null);
        Assert.True(reading.IsCompletedSuccessfully);
        await reading;

        async Task ReadAsync()
        {
            while (await call.MoveNextAsync())
            {
                seen.Add(Environment.CurrentManagedThreadId);
            }
        }
    }

    [Fact]
    public async Task MoveNextAsync_TheInnerIsNotDirect_AsksItForTasks()
    {
        var source = new SourceCall(isDirect: false);
        await using var call = new LayerCall(source);
        for (var i = 1; i <= 10; i++)
        {
            var next = Said.NextAsync(call);
            source.Say($"{i}");
            Assert.Equal($"{i}", await next);
            Assert.Equal(i, source.Tasks);
        }
    }

    [Fact]
    public async Task MoveNextAsync_TheInnerBecomesDirectWhileItsTaskIsUnderWay_TheTaskIsWaitedForFirst()
    {
        var source = new SourceCall(isDirect: false);
        await using var call = new LayerCall(new LayerCall(source));
        var next = Said.NextAsync(call);
        Assert.False(next.IsCompleted);
        source.BecomeDirect();

        // Woken up for nothing: whoever asked the inner call directly now would take what the task is to bring.
        source.WakeUp();
        Assert.False(next.IsCompleted);
        source.Say("one");
        Assert.Equal("one", await next);
        next = Said.NextAsync(call);
        source.Say("two");
        Assert.Equal("two", await next);
        source.Say(null);
        Assert.Null(await Said.NextAsync(call));
        Assert.Equal(1, source.Tasks);
    }

    [Fact]
    public async Task MoveNextAsync_TheInnerBecomesDirectWhileItsTaskIsUnderWay_TheTaskThatFailsIsHeardOf()
    {
        var source = new SourceCall(isDirect: false);
        await using var call = new LayerCall(source) { Instead = (_, error) => $"instead of {error.Message}" };
        var next = Said.NextAsync(call);
        source.BecomeDirect();
        source.Say(new IOException("this"));
        Assert.Equal("instead of this", await next);
        source.Say("more");
        Assert.Equal("more", await Said.NextAsync(call));
        Assert.Equal(1, source.Tasks);
    }

    [Fact]
    public async Task MoveNextAsync_WokenUpForNothing_WaitsOn()
    {
        var source = new SourceCall();
        await using var call = new LayerCall(source);
        var next = Said.NextAsync(call);
        for (var i = 2; i < 10; i++)
        {
            source.WakeUp();
            Assert.False(next.IsCompleted);
            Assert.Equal(i, source.Waits);
        }

        source.Say("one");
        Assert.Equal("one", await next);
    }

    [Fact]
    public async Task MoveNextAsync_SomeAreNotForTheReader_TheNextIsAskedFor()
    {
        var source = new SourceCall();
        await using var call = new LayerCall(new LayerCall(source) { Accepts = text => text != "inner" }) { Accepts = text => text != "outer" };
        var next = Said.NextAsync(call);
        foreach (var text in new[] { "inner", "outer", "outer", "inner" })
        {
            source.Say(text);
            Assert.False(next.IsCompleted);
        }

        source.Say("both");
        Assert.Equal("both", await next);
        source.Say("inner");
        source.Say("outer");
        source.Say("at once");
        Assert.Equal("at once", await Said.NextAsync(call));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MoveNextAsync_ItComesBetweenTheQuestionAndTheWait_IsNotMissed(bool isForeign)
    {
        var steps = Channel.CreateUnbounded<object>();
        var source = new SourceCall();
        var count = 0;
        await using var call = new LayerCall(isForeign ? Said.ForeignAsync(steps.Reader) : source)
        {
            OnWaiting = () =>
            {
                if (count == 1000)
                {
                    source.Put(null);
                    steps.Writer.Complete();
                    return;
                }

                source.Put($"{count}");
                steps.Writer.TryWrite($"{count++}");
            },
        };
        Assert.Equal(1000, await Said.CountAsync(call).Soon());
    }

    [Fact]
    public async Task MoveNextAsync_VeryManyWaitsOverAForeignIterator_DoNotDeepenTheStack()
    {
        const int Count = 100_000;
        await using var call = new LayerCall(new LayerCall(new LayerCall(Said.YieldingAsync(Count)), isDirect: false));
        Assert.Equal(Count, await Said.CountAsync(call).Soon());
    }

    [Fact]
    public async Task MoveNextAsync_VeryManyWaitsOverACall_DoNotDeepenTheStack()
    {
        const int Count = 100_000;
        var source = new SourceCall();
        await using var call = new LayerCall(new LayerCall(new LayerCall(source), isDirect: false));
        var counting = Said.CountAsync(call);
        for (var i = 0; i < Count; i++)
        {
            source.Say($"{i}");
        }

        source.Say(null);
        Assert.True(counting.IsCompleted);
        Assert.Equal(Count, await counting);
        Assert.Equal(Count + 1, source.Waits);
    }

    [Fact]
    public async Task MoveNextAsync_VeryManyThatComeJustBeforeTheWait_DoNotDeepenTheStack()
    {
        const int Count = 100_000;
        var source = new SourceCall();
        var count = 0;
        await using var call = new LayerCall(new LayerCall(source)) { OnWaiting = () => source.Put(count < Count ? $"{count++}" : null) };
        Assert.Equal(Count, await Said.CountAsync(call).Soon());
    }

    [Fact]
    public async Task MoveNextAsync_VeryManyThatNobodyIsTold_DoNotDeepenTheStack()
    {
        const int Count = 100_000;
        var source = new SourceCall();
        await using var call = new LayerCall(source) { Accepts = text => text == "last" };
        var next = Said.NextAsync(call);
        for (var i = 0; i < Count; i++)
        {
            source.Say("no");
        }

        source.Say("last");
        Assert.Equal("last", await next);
    }
}
