using System.IO.Pipelines;
using CsCheck;
using Sluice.Server.Features;

namespace Sluice.Tests.Server.Features;

public sealed class DirectOutputPropertyTests
{
    private static readonly Gen<int> s_size = Gen.Frequency(
        (4, Gen.Int[1, 600]),
        (3, Gen.Int[DirectOutput.BufferBytes - 2, DirectOutput.BufferBytes + 2]),
        (2, Gen.Int[600, 20_000]),
        (1, Gen.Int[20_000, 200_000]));

    // How it is written; how much; what follows: no flush, one, or one that is cancelled before or while it waits; how much the client reads afterwards.
    private static readonly Gen<(int Way, int Size, int Then, int Read)[]> s_steps =
        Gen.Select(Gen.Int[0, 3], s_size, Gen.Int[0, 5], Gen.Int[0, 3], (way, size, then, read) => (way, size, then, read)).Array[1, 30];

    [Fact]
    public void FlushAsync_AnyWritesAndAClientThatLags_EveryByteArrivesOnceAndInOrder() => Gen.Select(s_steps, Gen.Int[1, 30_000], Gen.Bool).Sample(
        (steps, sendBuffer, isInline) => RunAsync(DirectConnection.UnixAsync(sendBuffer, Scheduler(isInline)), steps).GetAwaiter().GetResult(), iter: 150);

    [Fact]
    public void FlushAsync_AnyWritesOverTcp_EveryByteArrivesOnceAndInOrder() => Gen.Select(s_steps, Gen.Int[10_000, 60_000], Gen.Bool).Sample(
        (steps, buffer, isInline) => RunAsync(DirectConnection.TcpAsync(buffer, buffer, Scheduler(isInline)), steps).GetAwaiter().GetResult(), iter: 60);

    private static PipeScheduler Scheduler(bool isInline) => isInline ? PipeScheduler.Inline : PipeScheduler.ThreadPool;

    private static async Task RunAsync(Task<DirectConnection> connecting, (int Way, int Size, int Then, int Read)[] steps)
    {
        await using var connection = await connecting;
        foreach (var (way, size, then, read) in steps)
        {
            switch (way)
            {
                case 0:
                    connection.Write(size);
                    break;
                case 1:
                    connection.Write(size, sizeHint: Math.Min(size, 3000));
                    break;
                case 2:
                    connection.WriteCopy(size);
                    break;
                default:
                    await FlushedAsync(connection, connection.WriteAsync(size), isCancelled: false);
                    break;
            }

            if (then > 0)
            {
                await FlushAsync(connection, then);
                var piped = connection.Piped.Bytes;
                Assert.Equal(0, connection.Output.UnflushedBytes);

                // Nothing waits in the pipe: what the kernel takes does not go through it.
                if (connection.Received == connection.Written)
                {
                    connection.WriteAtOnce(1);
                    Assert.Equal(piped, connection.Piped.Bytes);
                }
            }

            for (var i = 0; i < read; i++)
            {
                connection.TryReceive(size);
            }
        }

        connection.Output.Complete();
        await connection.ReceiveToEndAsync();
    }

    private static async Task FlushAsync(DirectConnection connection, int way)
    {
        if (way == 1)
        {
            connection.Output.CancelPendingFlush();
            await FlushedAsync(connection, connection.FlushAsync(), isCancelled: true);
        }

        var flush = connection.FlushAsync();
        if (way == 2 && !flush.IsCompleted)
        {
            // It may be over before it is cancelled: the next one is, then.
            connection.Output.CancelPendingFlush();
            var isCancelled = (await connection.ReceiveUntilAsync(flush)).IsCanceled;
            await FlushedAsync(connection, connection.FlushAsync(), !isCancelled);
            flush = connection.FlushAsync();
        }

        await FlushedAsync(connection, flush, isCancelled: false);
    }

    private static async Task FlushedAsync(DirectConnection connection, Task<FlushResult> flush, bool isCancelled) =>
        Assert.Equal(new FlushResult(isCancelled, isCompleted: false), await connection.ReceiveUntilAsync(flush, max: 5000));
}
