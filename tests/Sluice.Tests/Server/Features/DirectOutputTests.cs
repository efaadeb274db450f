using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class DirectOutputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(DirectOutput.BufferBytes - 1)]
    [InlineData(DirectOutput.BufferBytes)]
    public async Task FlushAsync_TheKernelTakesEverything_IsOverAndThePipeSeesNothing(int count)
    {
        await using var connection = await DirectConnection.TcpAsync();
        for (var i = 0; i < 100; i++)
        {
            connection.WriteAtOnce(count);
            await connection.ReceiveAllAsync();
        }

        Assert.Equal((0, 0), (connection.Piped.Bytes, connection.Piped.Flushes));
    }

    [Theory]
    [InlineData(DirectOutput.BufferBytes + 1)]
    [InlineData(5000)]
    [InlineData(200_000)]
    public async Task FlushAsync_MoreThanTheBufferHolds_GoesThroughThePipeAndTheNextDoesNot(int count)
    {
        await using var connection = await DirectConnection.TcpAsync();
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(default, await connection.ReceiveUntilAsync(connection.WriteAsync(count)));
            Assert.Equal(count * i, connection.Piped.Bytes);
            connection.WriteAtOnce(10);
            Assert.Equal(count * i, connection.Piped.Bytes);
            await connection.ReceiveAllAsync();
        }
    }

    [Fact]
    public async Task FlushAsync_SeveralWritesBefore_AreOneAndInOrder()
    {
        await using var connection = await DirectConnection.TcpAsync();
        for (var i = 0; i < 50; i++)
        {
            connection.Write(10);
            connection.WriteCopy(3);
            connection.Write(40, sizeHint: 40);
        }

        Assert.True(connection.Output.CanGetUnflushedBytes);
        Assert.Equal(50 * 53, connection.Output.UnflushedBytes);
        Assert.False(connection.TryReceive());
        connection.WriteAtOnce(1);
        Assert.Equal(0, connection.Output.UnflushedBytes);
        Assert.Equal(0, connection.Piped.Bytes);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task FlushAsync_NothingWritten_IsOverAndSendsNothing()
    {
        await using var connection = await DirectConnection.TcpAsync();
        Assert.Equal(default, await connection.FlushAsync());
        connection.WriteAtOnce(1);
        Assert.Equal(0, connection.Piped.Bytes);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task FlushAsync_TheKernelTakesAPart_TheRestFollowsThroughThePipe()
    {
        // Where the kernel cuts is its own business; with some size of its buffer it does.
        var cuts = 0;
        for (var sendBuffer = 4000; sendBuffer < 20_000; sendBuffer += 500)
        {
            await using var connection = await DirectConnection.UnixAsync(sendBuffer);
            var flush = connection.WriteUntilItWaitsAsync(DirectOutput.BufferBytes);
            cuts += connection.Piped.Bytes < DirectOutput.BufferBytes ? 1 : 0;
            Assert.Equal(default, await connection.ReceiveUntilAsync(flush));
            await connection.ReceiveAllAsync();
        }

        Assert.NotEqual(0, cuts);
    }

    [Fact]
    public async Task FlushAsync_TheClientReadsNothing_WaitsUntilItReadsAndIsDirectAgain()
    {
        await using var connection = await DirectConnection.TcpAsync(sendBuffer: 4096, receiveBuffer: 4096);
        for (var i = 0; i < 5; i++)
        {
            var before = connection.Piped.Bytes;
            var flush = connection.WriteUntilItWaitsAsync(1000);
            Assert.InRange(connection.Piped.Bytes - before, 1, 1000);
            Assert.Equal(default, await connection.ReceiveUntilAsync(flush, max: 700));
            await connection.ReceiveAllAsync();
            var piped = connection.Piped.Bytes;
            connection.WriteAtOnce(1000);
            Assert.Equal(piped, connection.Piped.Bytes);
            await connection.ReceiveAllAsync();
        }
    }

    [Fact]
    public async Task FlushAsync_ThePipeHoldsBytesAndTheSocketHasRoom_NothingOvertakesThem()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.Hold();
        var flush = connection.WriteAsync(DirectOutput.BufferBytes + 1);
        for (var i = 1; i <= 10; i++)
        {
            connection.Output.CancelPendingFlush();
            Assert.Equal(new FlushResult(isCanceled: true, isCompleted: false), await flush.Soon());
            flush = connection.WriteAsync(10);
            Assert.False(flush.IsCompleted);
            Assert.Equal(DirectOutput.BufferBytes + 1 + (10 * i), connection.Piped.Bytes);
        }

        Assert.False(connection.TryReceive());
        connection.GoOn();
        Assert.Equal(default, await flush.Soon());
        var piped = connection.Piped.Bytes;
        connection.WriteAtOnce(10);
        Assert.Equal(piped, connection.Piped.Bytes);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task FlushAsync_ACancelledOneLeftBytesInThePipe_NothingOvertakesThem()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.Hold();
        connection.Output.CancelPendingFlush();
        Assert.Equal(new FlushResult(isCanceled: true, isCompleted: false), await connection.WriteAsync(10).Soon());
        var flush = connection.WriteAsync(10);
        Assert.False(flush.IsCompleted);
        Assert.False(connection.TryReceive());
        Assert.Equal(20, connection.Piped.Bytes);
        connection.GoOn();
        Assert.Equal(default, await flush.Soon());
        connection.WriteAtOnce(10);
        Assert.Equal(20, connection.Piped.Bytes);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task FlushAsync_ATokenEndsTheWait_TheBytesStayInOrder()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.Hold();
        using var cancel = new CancellationTokenSource();
        connection.Write(DirectOutput.BufferBytes + 1);
        var flush = connection.Output.FlushAsync(cancel.Token).AsTask();
        Assert.False(flush.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.Soon());
        flush = connection.WriteAsync(10);
        Assert.False(flush.IsCompleted);
        connection.GoOn();
        Assert.Equal(default, await flush.Soon());
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task FlushAsync_TheTokenIsCancelledBefore_SaysSoAndTheBytesComeWithTheNext()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.Write(10);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connection.Output.FlushAsync(new CancellationToken(canceled: true)));
        Assert.Equal(default, await connection.WriteAsync(10).Soon());
        await connection.ReceiveAllAsync();
        var piped = connection.Piped.Bytes;
        connection.WriteAtOnce(10);
        Assert.Equal(piped, connection.Piped.Bytes);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task CancelPendingFlush_OneWaits_EndsThatOneAlone()
    {
        await using var connection = await DirectConnection.TcpAsync(sendBuffer: 4096, receiveBuffer: 4096);
        var flush = connection.WriteUntilItWaitsAsync(1000);
        connection.Output.CancelPendingFlush();
        Assert.Equal(new FlushResult(isCanceled: true, isCompleted: false), await flush.Soon());
        flush = connection.WriteAsync(1000);
        Assert.Equal(default, await connection.ReceiveUntilAsync(flush));
        await connection.ReceiveAllAsync();
        connection.WriteAtOnce(10);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task CancelPendingFlush_AFlushRunsInBetween_EndsTheNextOne()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.WriteAtOnce(10);
        Task<FlushResult>? between = null;
        connection.Piped.OnCancel = () => between = connection.WriteAsync(10);
        connection.Output.CancelPendingFlush();
        Assert.False((await between!.Soon()).IsCanceled);
        Assert.True((await connection.WriteAsync(10).Soon()).IsCanceled);
        Assert.False((await connection.WriteAsync(10).Soon()).IsCanceled);
        await connection.ReceiveAllAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task CancelPendingFlush_NoneWaits_EndsTheNextOneAndNoOther(int count)
    {
        await using var connection = await DirectConnection.TcpAsync();
        for (var i = 0; i < 5; i++)
        {
            connection.WriteAtOnce(10);
            connection.Output.CancelPendingFlush();
            connection.Write(count);
            var flush = await connection.ReceiveUntilAsync(connection.FlushAsync());
            Assert.Equal(new FlushResult(isCanceled: true, isCompleted: false), flush);
            Assert.Equal(default, await connection.ReceiveUntilAsync(connection.WriteAsync(10)));
            var piped = connection.Piped.Bytes;
            connection.WriteAtOnce(10);
            Assert.Equal(piped, connection.Piped.Bytes);
            await connection.ReceiveAllAsync();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Complete_BytesAreNotFlushed_TheyArriveBeforeTheEnd(int count)
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.WriteAtOnce(5);
        connection.Write(count);
        connection.Output.Complete();
        connection.Output.Complete();
        await connection.ReceiveToEndAsync();
        Assert.Throws<InvalidOperationException>(() => connection.Output.GetMemory());
    }

    [Fact]
    public async Task Complete_BytesWaitForTheClient_AllArriveBeforeTheEnd()
    {
        await using var connection = await DirectConnection.TcpAsync(sendBuffer: 4096, receiveBuffer: 4096);
        _ = connection.WriteUntilItWaitsAsync(1000);
        connection.Write(100);
        connection.Output.Complete();
        await connection.ReceiveToEndAsync();
    }

    [Fact]
    public async Task Complete_WithAnError_TheTransportHearsOfIt()
    {
        await using var connection = await DirectConnection.TcpAsync();
        var error = new InvalidDataException("Broken off.");
        connection.Output.Complete(error);
        Assert.Same(error, connection.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FlushAsync_TheClientHasLeft_IsCompletedFromThenOn(bool isReset)
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.WriteAtOnce(10);
        connection.Leave(isReset);

        // The first bytes after an orderly end go out, and are answered with a reset.
        while (!(await connection.WriteAsync(10).Soon()).IsCompleted)
        {
            await Task.Yield();
        }

        Assert.NotNull(connection.Failure);
        await IsCompletedAsync(connection, 10);
        await IsCompletedAsync(connection, 10_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FlushAsync_TheClientLeavesWhileOneWaits_IsCompleted(bool isReset)
    {
        await using var connection = await DirectConnection.TcpAsync(sendBuffer: 4096, receiveBuffer: 4096);
        var flush = connection.WriteUntilItWaitsAsync(1000);
        connection.Leave(isReset);
        Assert.True((await flush.Soon()).IsCompleted);
        await IsCompletedAsync(connection, 10);
    }

    [Fact]
    public async Task FlushAsync_TheSocketIsClosed_IsCompleted()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.Write(10);
        connection.Server.Dispose();
        Assert.True((await connection.FlushAsync().Soon()).IsCompleted);
        await IsCompletedAsync(connection, 10);
        Assert.IsType<ObjectDisposedException>(connection.Failure);
    }

    [Fact]
    public async Task FlushAsync_TheSocketIsClosedWhileOneWaits_IsCompleted()
    {
        await using var connection = await DirectConnection.TcpAsync(sendBuffer: 4096, receiveBuffer: 4096);
        var flush = connection.WriteUntilItWaitsAsync(1000);
        connection.Server.Dispose();
        Assert.True((await flush.Soon()).IsCompleted);
        await IsCompletedAsync(connection, 10);
    }

    [Fact]
    public async Task FlushAsync_Direct_GivesTheBufferBackOnce()
    {
        await using var connection = await DirectConnection.TcpAsync();
        connection.Write(10);
        Assert.True(MemoryMarshal.TryGetArray<byte>(connection.Output.GetMemory(), out var lent));
        Assert.True(connection.FlushAsync().IsCompletedSuccessfully);
        var (first, second) = (ArrayPool<byte>.Shared.Rent(DirectOutput.BufferBytes), ArrayPool<byte>.Shared.Rent(DirectOutput.BufferBytes));
        Assert.Same(lent.Array, first);
        Assert.NotSame(first, second);
        await connection.ReceiveAllAsync();
    }

    [Fact]
    public async Task Complete_ABufferIsLent_GivesItBackOnce()
    {
        await using var connection = await DirectConnection.TcpAsync();
        Assert.True(MemoryMarshal.TryGetArray<byte>(connection.Output.GetMemory(), out var lent));
        connection.Output.Complete();
        connection.Output.Complete();
        var (first, second) = (ArrayPool<byte>.Shared.Rent(DirectOutput.BufferBytes), ArrayPool<byte>.Shared.Rent(DirectOutput.BufferBytes));
        Assert.Same(lent.Array, first);
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task Advance_BeyondWhatWasGiven_IsRefused()
    {
        await using var connection = await DirectConnection.TcpAsync();
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.Output.Advance(1));
        connection.Output.Advance(0);
        connection.Write(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.Output.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.Output.Advance(DirectOutput.BufferBytes - 9));
        Assert.Equal(10, connection.Output.UnflushedBytes);
        connection.WriteAtOnce(DirectOutput.BufferBytes - 10);
        await connection.ReceiveAllAsync();
    }

    private static async Task IsCompletedAsync(DirectConnection connection, int count) =>
        Assert.True((await connection.WriteAsync(count).Soon()).IsCompleted);
}
