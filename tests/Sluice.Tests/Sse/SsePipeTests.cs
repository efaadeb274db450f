using System.IO.Pipelines;
using System.Text;
using Sluice.Sse;
using Sluice.Tests.Support;

namespace Sluice.Tests.Sse;

public sealed class SsePipeTests
{
    private readonly Pipe _pipe = new(new PipeOptions(useSynchronizationContext: false));
    private readonly SsePipe _input;

    public SsePipeTests() => _input = new SsePipe(_pipe.Reader);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_BytesComeBeforeAndAfterIt_IsExecutedOnceAndNeverInside()
    {
        using var waiter = new CountedWaiter();
        for (var i = 0; i < 200; i++)
        {
            Assert.False(_input.TryRead(Token, out _));
            if (i % 2 == 0)
            {
                await SayAsync($"{i}");
                waiter.Begin(_input.Wait);
            }
            else
            {
                waiter.Begin(_input.Wait);
                Assert.False(_input.TryRead(Token, out _));
                await SayAsync($"{i}");
            }

            await waiter.ExecutedAsync();
            Assert.Equal($"{i}", Take());
        }

        Assert.Equal(200, waiter.Count);
        Assert.False(waiter.WasInside);
        await _pipe.Writer.CompleteAsync();
        Assert.True(_input.TryRead(Token, out var end));
        Assert.True(end.IsCompleted);
    }

    [Fact]
    public async Task TryRead_CancelPendingRead_ThrowsOnceAndLosesNothing()
    {
        await SayAsync("kept");
        _pipe.Reader.CancelPendingRead();
        Assert.Throws<OperationCanceledException>(() => _input.TryRead(Token, out _));
        Assert.Equal("kept", Take());
        using var waiter = new CountedWaiter();
        Assert.False(_input.TryRead(Token, out _));
        waiter.Begin(_input.Wait);
        _pipe.Reader.CancelPendingRead();
        await waiter.ExecutedAsync();
        Assert.Throws<OperationCanceledException>(() => _input.TryRead(Token, out _));
        await SayAsync("more");
        Assert.Equal("more", Take());
    }

    [Fact]
    public async Task TryRead_CancelledByItsToken_ThrowsAndTheNextOneReads()
    {
        using var cancel = new CancellationTokenSource();
        using var waiter = new CountedWaiter();
        Assert.False(_input.TryRead(cancel.Token, out _));
        waiter.Begin(_input.Wait);
        await cancel.CancelAsync();
        await waiter.ExecutedAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => _input.TryRead(cancel.Token, out _));
        await SayAsync("more");
        Assert.Equal("more", Take());
        Assert.Equal(1, waiter.Count);
    }

    [Fact]
    public async Task TryRead_TheInputFails_ThrowsItsError()
    {
        using var waiter = new CountedWaiter();
        Assert.False(_input.TryRead(Token, out _));
        waiter.Begin(_input.Wait);
        await _pipe.Writer.CompleteAsync(new IOException("cut"));
        await waiter.ExecutedAsync();
        Assert.Equal("cut", Assert.Throws<IOException>(() => _input.TryRead(Token, out _)).Message);
        Assert.Equal("cut", Assert.Throws<IOException>(() => _input.TryRead(Token, out _)).Message);
    }

    [Fact]
    public async Task CompleteAsync_CompletesThePipe()
    {
        await _input.CompleteAsync();
        Assert.True((await _pipe.Writer.FlushAsync(Token)).IsCompleted);
    }

    private async Task SayAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), Token);

    private string Take()
    {
        Assert.True(_input.TryRead(Token, out var read));
        var text = Encoding.UTF8.GetString(read.Buffer);
        _input.AdvanceTo(read.Buffer.End);
        return text;
    }
}
