using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseReaderOwnershipTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

#if DEBUG
    [Fact]
    public async Task Current_KeptBeyondTheNextRead_IsSpoilt()
    {
        byte[] input = Reading.Utf8("event: first\ndata: one\n\nevent: other\ndata: two\n\n");
        await using var reader = new SseReader(Reading.AtOnce([input]));
        Assert.True(await reader.ReadAsync(Token));
        SseEvent kept = reader.Current;
        Assert.True(await reader.ReadAsync(Token));

        Assert.Equal([0xDD, 0xDD, 0xDD], kept.Data.ToArray());
        Assert.Equal([0xDD, 0xDD, 0xDD, 0xDD, 0xDD], kept.EventType.ToArray());
        Assert.Equal("two", Encoding.UTF8.GetString(reader.Current.Data.Span));
        Assert.Equal("event: first\ndata: one\n\nevent: other\ndata: two\n\n", Encoding.UTF8.GetString(input));
    }
#endif

    [Fact]
    public async Task ReadAsync_EventsThatHaveArrived_CompletesAtOnce()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("data: 1\n\ndata: 2\n\nda"u8.ToArray(), Token);
        await using var reader = new SseReader(pipe.Reader);

        Assert.True(HasEventAtOnce(reader.ReadAsync(Token)));
        Assert.True(HasEventAtOnce(reader.ReadAsync(Token)));
        ValueTask<bool> third = reader.ReadAsync(Token);
        Assert.False(third.IsCompleted);
        await pipe.Writer.WriteAsync("ta: 3\n\n"u8.ToArray(), Token);
        Assert.True(await third);
        Assert.Equal("3", Encoding.UTF8.GetString(reader.Current.Data.Span));
    }

    [Fact]
    public async Task ReadAsync_EventEndsWithCarriageReturn_DoesNotWaitForALineFeed()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("data: 1\r\n\r"u8.ToArray(), Token);
        await using var reader = new SseReader(pipe.Reader);
        Assert.True(HasEventAtOnce(reader.ReadAsync(Token)));
    }

    [Fact]
    public async Task ReadAsync_WaitsForInput_HoldsNothingOfThePipe()
    {
        // A writer above its pause threshold goes on only when the reader has given everything back.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 16, resumeWriterThreshold: 1));
        await using var reader = new SseReader(pipe.Reader);
        ValueTask<FlushResult> flush = pipe.Writer.WriteAsync("data: 1234567890\n\ndata: 1234567890"u8.ToArray(), Token);
        Assert.False(flush.IsCompleted);
        Assert.True(await reader.ReadAsync(Token));
        Assert.False(flush.IsCompleted);
        ValueTask<bool> next = reader.ReadAsync(Token);
        await flush;
        await pipe.Writer.WriteAsync("\n\n"u8.ToArray(), Token);
        Assert.True(await next);
        Assert.Equal("1234567890", Encoding.UTF8.GetString(reader.Current.Data.Span));
    }

    [Fact]
    public async Task ReadAsync_WaitsAfterALargeEvent_HasLetGoOfItsMemory()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using var reader = new SseReader(pipe.Reader);
        // Two lines, so that the data is copied and not borrowed.
        await pipe.Writer.WriteAsync(Reading.Utf8($"data: a\ndata: {new string('x', 2 * 1024 * 1024)}\n\n"), Token);
        Assert.True(await reader.ReadAsync(Token));
        WeakReference array = ArrayOfCurrent(reader);
        ValueTask<bool> next = reader.ReadAsync(Token);
        GC.Collect();
        Assert.False(array.IsAlive);
        await pipe.Writer.CompleteAsync();
        Assert.False(await next);
    }

    [Fact]
    public async Task ReadAsync_CancelledWhileItWaits_KeepsThePartThatHasArrived()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        await pipe.Writer.WriteAsync("id: 1\ndata: a\nda"u8.ToArray(), Token);
        using var cancellation = new CancellationTokenSource();
        ValueTask<bool> cancelled = reader.ReadAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cancelled);

        await pipe.Writer.WriteAsync("ta: b\n\n"u8.ToArray(), Token);
        Assert.True(await reader.ReadAsync(Token));
        Assert.Equal(SeenEvent.Of("a\nb", id: "1"), SeenEvent.CopyOf(reader));
    }

    [Fact]
    public async Task ReadAsync_TokenCancelledBefore_GivesNoEvent()
    {
        await using var reader = new SseReader(Reading.AtOnce([Reading.Utf8("data: a\n\n")]));
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(cancellation.Token));
        Assert.True(await reader.ReadAsync(Token));
    }

    [Fact]
    public async Task ReadAsync_PendingReadOfThePipeCancelled_Throws()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        ValueTask<bool> read = reader.ReadAsync(Token);
        pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await read);
        await pipe.Writer.WriteAsync("data: a\n\n"u8.ToArray(), Token);
        Assert.True(await reader.ReadAsync(Token));
    }

    [Fact]
    public async Task ReadAsync_InputFails_ThrowsItsError()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        await pipe.Writer.WriteAsync("data: a\n\ndata: b\n"u8.ToArray(), Token);
        Assert.True(await reader.ReadAsync(Token));
        ValueTask<bool> read = reader.ReadAsync(Token);
        await pipe.Writer.CompleteAsync(new IOException("cut"));
        Assert.Equal("cut", (await Assert.ThrowsAsync<IOException>(async () => await read)).Message);
    }

    [Fact]
    public async Task Comments_WhileNoEventCame_AreSeenFromOutside()
    {
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline));
        await using var reader = new SseReader(pipe.Reader);
        ValueTask<bool> read = reader.ReadAsync(Token);
        await pipe.Writer.WriteAsync(": ping\n:\r\n: unfinished"u8.ToArray(), Token);
        Assert.False(read.IsCompleted);
        Assert.Equal(2, reader.Comments);
        Assert.Equal(22, reader.BytesRead);
        await pipe.Writer.CompleteAsync();
        Assert.False(await read);
    }

    [Fact]
    public async Task DisposeAsync_CompletesTheInput()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("data: a\n\ndata: b\n\n"u8.ToArray(), Token);
        var reader = new SseReader(pipe.Reader);
        Assert.True(await reader.ReadAsync(Token));
        await reader.DisposeAsync();
        await reader.DisposeAsync();
        Assert.True((await pipe.Writer.FlushAsync(Token)).IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.ReadAsync(Token));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ArrayOfCurrent(SseReader reader)
    {
        Assert.True(MemoryMarshal.TryGetArray(reader.Current.Data, out ArraySegment<byte> segment));
        return new WeakReference(segment.Array);
    }

    private static bool HasEventAtOnce(ValueTask<bool> read) => read is { IsCompletedSuccessfully: true, Result: true };
}
