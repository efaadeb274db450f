using System.Threading.Channels;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Chat;

public sealed class ChunkCallFailureTests
{
    public static TheoryData<bool, bool> Waits => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task MoveNextAsync_TheInnermostFails_EachLevelHearsOfItAndMayReplaceIt(bool waits, bool isDirect)
    {
        var source = new SourceCall();
        var inner = new LayerCall(source, isDirect) { Instead = (_, error) => new InvalidDataException($"{error.Message} inner") };
        await using var call = new LayerCall(inner) { Instead = (_, error) => new InvalidOperationException($"{error.Message} outer") };
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(source, call, new IOException("broken"), waits));
        Assert.Equal("broken inner outer", exception.Message);
        Assert.Equal(["broken"], inner.Failures);
        Assert.Equal(["broken inner"], call.Failures);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task MoveNextAsync_TheInnerRecovers_TheOuterIsToldOfAChunkAndReadingGoesOn(bool waits, bool isDirect)
    {
        var source = new SourceCall();
        var inner = new LayerCall(source, isDirect) { Instead = (_, error) => $"instead of {error.Message}" };
        await using var call = new LayerCall(inner);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"instead of {i}", await AskAsync(source, call, new IOException($"{i}"), waits));
            Assert.Equal($"after {i}", await AskAsync(source, call, $"after {i}", waits));
        }

        Assert.Null(await AskAsync(source, call, null, waits));
        Assert.Empty(call.Failures);
        Assert.Equal(10, inner.Failures.Count);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task MoveNextAsync_TheOuterRecovers_ReadingGoesOn(bool waits, bool isDirect)
    {
        var source = new SourceCall();
        var inner = new LayerCall(source, isDirect);
        await using var call = new LayerCall(inner) { Instead = (_, error) => $"instead of {error.Message}" };
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"instead of {i}", await AskAsync(source, call, new IOException($"{i}"), waits));
            Assert.Equal($"after {i}", await AskAsync(source, call, $"after {i}", waits));
        }

        Assert.Equal(10, inner.Failures.Count);
        Assert.Equal(10, call.Failures.Count);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task MoveNextAsync_ItGoesOnWithAnotherCall_ReadsThatOne(bool waits, bool isDirect)
    {
        var (first, second) = (new SourceCall(isDirect), new SourceCall(!isDirect));
        var steps = Channel.CreateUnbounded<object>();
        await using var call = new LayerCall(new LayerCall(first)
        {
            Instead = (layer, error) =>
            {
                layer.Read(error.Message == "first" ? second : Said.ForeignAsync(steps.Reader));
                return $"not {error.Message}";
            },
        });
        Assert.Equal("a", await AskAsync(first, call, "a", waits));
        Assert.Equal("not first", await AskAsync(first, call, new IOException("first"), waits));
        Assert.Equal("b", await AskAsync(second, call, "b", waits));
        Assert.Equal("not second", await AskAsync(second, call, new IOException("second"), waits));
        steps.Writer.TryWrite("c");
        Assert.Equal("c", await Said.NextAsync(call));
        steps.Writer.Complete();
        Assert.Null(await Said.NextAsync(call));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MoveNextAsync_AForeignIteratorFails_IsHeardOf(bool waits)
    {
        var steps = Channel.CreateUnbounded<object>();
        await using var call = new LayerCall(new LayerCall(Said.ForeignAsync(steps.Reader)) { Instead = (_, error) => $"instead of {error.Message}" });
        var next = waits ? Said.NextAsync(call) : null;
        steps.Writer.TryWrite(new IOException("this"));
        Assert.Equal("instead of this", await (next ?? Said.NextAsync(call)));

        // The iterator has ended with it.
        Assert.Null(await Said.NextAsync(call));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MoveNextAsync_WhatHasComeCannotBeTaken_IsAFailureLikeAnother(bool waits)
    {
        var source = new SourceCall();
        var inner = new LayerCall(source) { Accepts = text => text != "bad" ? true : throw new InvalidDataException("bad") };
        await using var call = new LayerCall(inner) { Instead = (_, error) => $"instead of {error.Message}" };
        Assert.Equal("instead of bad", await AskAsync(source, call, "bad", waits));
        Assert.Equal("good", await AskAsync(source, call, "good", waits));
        Assert.Equal(["bad"], inner.Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MoveNextAsync_TheRecoveryFails_TheReaderHearsOfThat(bool waits)
    {
        var source = new SourceCall();
        await using var call = new LayerCall(source) { Instead = (_, _) => throw new InvalidOperationException("no way out") };
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(source, call, new IOException("broken"), waits));
        Assert.Equal("no way out", exception.Message);
        Assert.Equal("more", await AskAsync(source, call, "more", waits));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task MoveNextAsync_TheWaitCannotBegin_TheReaderHearsOfIt(int before)
    {
        var (source, left) = (new SourceCall(), before);
        await using var call = new LayerCall(source) { OnWaiting = () => _ = left-- > 0 ? 0 : throw new InvalidOperationException("no wait") };
        var next = Said.NextAsync(call);
        for (var i = 0; i < before; i++)
        {
            source.WakeUp();
        }

        Assert.Equal("no wait", (await Assert.ThrowsAsync<InvalidOperationException>(() => next)).Message);
        source.Say("there");
        Assert.Equal("there", await Said.NextAsync(call));
    }

    [Fact]
    public async Task MoveNextAsync_ItFails_NeverThrowsItself()
    {
        var source = new SourceCall();
        await using var call = new LayerCall(source);
        source.Say(new IOException("broken"));
        var next = call.MoveNextAsync().AsTask();
        Assert.True(next.IsFaulted);
        await Assert.ThrowsAsync<IOException>(() => next.Soon());
    }

    // Before the next is asked for, or while it is waited for.
    private static async Task<string?> AskAsync(SourceCall source, IAsyncEnumerator<ChatChunk> call, object? step, bool waits)
    {
        if (!waits)
        {
            source.Say(step);
            return await Said.NextAsync(call);
        }

        var next = Said.NextAsync(call);
        Assert.False(next.IsCompleted);
        source.Say(step);
        return await next;
    }
}
