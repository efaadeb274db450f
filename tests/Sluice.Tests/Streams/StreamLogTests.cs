using System.Buffers;
using System.Text;
using CsCheck;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class StreamLogTests
{
    private readonly StreamId _id = StreamId.New();

    [Fact]
    public void Append_NumbersAreDenseFromOne()
    {
        var log = new StreamLog(_id, new StreamMemory());
        for (var i = 1; i <= 3; i++)
        {
            log.Append("{}"u8);
            Assert.Equal(i, log.Sequence);
        }

        log.Publish();
        Assert.Equal($"id: {_id}.1\ndata: {{}}\n\nid: {_id}.2\ndata: {{}}\n\nid: {_id}.3\ndata: {{}}\n\n", TakeAll(log));
        log.Release();
    }

    [Fact]
    public void TryCopyTo_NotPublished_SeesNothing()
    {
        var log = new StreamLog(_id, new StreamMemory());
        var cursor = new StreamCursor(log);
        log.Append("{}"u8);
        Assert.False(cursor.TryCopyTo(new ArrayBufferWriter<byte>(), int.MaxValue));
        Assert.Equal(0, cursor.Sequence);
        Assert.Equal(0, log.Published);
        log.Release();
    }

    [Fact]
    public void TryCopyTo_ABatch_ComesInOnePiece()
    {
        var log = new StreamLog(_id, new StreamMemory());
        var cursor = new StreamCursor(log);
        log.Append("{\"a\":1}"u8);
        log.Append("{\"b\":2}"u8);
        log.Publish();
        var output = new ArrayBufferWriter<byte>();
        Assert.True(cursor.TryCopyTo(output, int.MaxValue));
        Assert.Equal(2, cursor.Sequence);
        Assert.Equal(log.Bytes, output.WrittenCount);
        Assert.False(cursor.TryCopyTo(output, int.MaxValue));
        log.Release();
    }

    [Fact]
    public void TryCopyTo_Bound_StopsAndGoesOnWhereItStopped()
    {
        var log = new StreamLog(_id, new StreamMemory());
        for (var i = 0; i < 500; i++)
        {
            log.Append(new byte[200].AsSpan());
        }

        log.Publish();
        var cursor = new StreamCursor(log);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(cursor.TryCopyTo(output, 1));
        Assert.InRange(output.WrittenCount, 1, 16 * 1024);
        while (cursor.TryCopyTo(output, 1))
        {
            Assert.InRange(cursor.Sequence, 0, 500);
        }

        Assert.Equal(TakeAll(log), Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(500, cursor.Sequence);
        log.Release();
    }

    [Fact]
    public void Complete_ShowsTheRestAndThatNothingFollows()
    {
        var log = new StreamLog(_id, new StreamMemory());
        log.Append("{}"u8);
        Assert.False(log.IsComplete);
        log.Complete();
        Assert.True(log.IsComplete);
        Assert.Equal(1, log.Published);
        log.Release();
    }

    [Fact]
    public void TryCopyTo_AnyBatches_AreTheSameBytesAsAPlainList() =>
        Gen.Select(Gen.Byte[97, 122].Array[0, 40].Array[1, 60], Gen.Int[1, 8], Gen.Int[1, 400]).Sample((events, batch, bytes) =>
            Check(events.Select(e => Encoding.ASCII.GetString(e)), batch, bytes), iter: 300, threads: 1);

    [Fact]
    public void TryCopyTo_FramesLargerThanASegment_AreTheSameBytesAsAPlainList() =>
        Gen.Select(Gen.Int[0, 40_000].Array[1, 12], Gen.Int[1, 4], Gen.Int[1, 70_000]).Sample((sizes, batch, bytes) =>
            Check(sizes.Select((size, i) => new string((char)('a' + i), size)), batch, bytes), iter: 60, threads: 1);

    [Theory]
    [InlineData(20_000, 60)]
    [InlineData(2_000, 3_000)]
    [InlineData(300, 50_000)]
    public async Task TryCopyTo_WhileAnotherThreadAppends_SeesWholeBatchesInOrder(int events, int size)
    {
        var log = new StreamLog(_id, new StreamMemory());
        var expected = new StringBuilder();
        var data = new string('x', size);
        var producing = Task.Factory.StartNew(
            () =>
            {
                for (var i = 1; i <= events; i++)
                {
                    var text = $"{data[..((i * 7919) % size)]}{i}";
                    expected.Append("id: ").Append(_id.Value).Append('.').Append(i).Append("\ndata: ").Append(text).Append("\n\n");
                    log.Append(Encoding.ASCII.GetBytes(text));
                    if (i % 3 == 0)
                    {
                        log.Publish();
                    }
                }

                log.Complete();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() => Read(log), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        await producing.Soon();
        foreach (var seen in await Task.WhenAll(readers).Soon())
        {
            Assert.Equal(expected.ToString(), seen);
        }

        log.Release();
    }

    // Whenever a cursor has nothing more to read it stands between two events: a keep-alive may be written there.
    private static string Read(StreamLog log)
    {
        var cursor = new StreamCursor(log);
        var output = new ArrayBufferWriter<byte>();
        while (true)
        {
            var isComplete = log.IsComplete;
            if (cursor.TryCopyTo(output, 64 * 1024))
            {
                continue;
            }

            if (output.WrittenCount > 0 && !output.WrittenSpan.EndsWith("\n\n"u8))
            {
                throw new InvalidDataException("The cursor stands inside an event.");
            }

            if (isComplete)
            {
                return Encoding.ASCII.GetString(output.WrittenSpan);
            }
        }
    }

    private void Check(IEnumerable<string> events, int batch, int maxBytes)
    {
        var log = new StreamLog(_id, new StreamMemory());
        var cursor = new StreamCursor(log);
        var output = new ArrayBufferWriter<byte>();
        var published = new StringBuilder();
        var pending = new StringBuilder();
        var number = 0;
        foreach (var data in events)
        {
            log.Append(Encoding.ASCII.GetBytes(data));
            pending.Append("id: ").Append(_id.Value).Append('.').Append(++number).Append("\ndata: ").Append(data).Append("\n\n");
            if (number % batch != 0)
            {
                continue;
            }

            log.Publish();
            published.Append(pending);
            pending.Clear();
            while (cursor.TryCopyTo(output, maxBytes))
            {
                Assert.InRange(cursor.Sequence, 0, number);
            }

            Assert.Equal(number, cursor.Sequence);
            Assert.Equal(published.ToString(), Encoding.ASCII.GetString(output.WrittenSpan));
        }

        log.Complete();
        while (cursor.TryCopyTo(output, maxBytes))
        {
            Assert.InRange(cursor.Sequence, 0, number);
        }

        Assert.Equal(published.Append(pending).ToString(), Encoding.ASCII.GetString(output.WrittenSpan));
        Assert.Equal(number, cursor.Sequence);
        log.Release();
    }

    [Fact]
    public void HoldFirst_TheLogIsReleased_IsRefused()
    {
        var log = new StreamLog(_id, new StreamMemory());
        log.Release();
        Assert.Throws<ObjectDisposedException>(() => log.HoldFirst());
    }

    [Fact]
    public async Task HoldFirst_WhileSegmentsAreDropped_TakesOneThatIsThere()
    {
        var memory = new StreamMemory();
        var log = new StreamLog(_id, memory);
        var isOver = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(Read, TestContext.Current.CancellationToken)).ToList();
        for (var i = 0; i < 20_000; i++)
        {
            log.Append("{\"text\":\"some text, so that a segment is soon full\"}"u8);
            log.Publish();
            while (log.First.Next is not null)
            {
                log.DropFirst();
            }
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);
        log.Release();
        Assert.Equal(0, memory.Bytes);

        void Read()
        {
            while (!Volatile.Read(ref isOver))
            {
                var first = log.HoldFirst();
                Assert.False(first.IsReturned);
                first.Release();
            }
        }
    }

    private static string TakeAll(StreamLog log)
    {
        var output = new ArrayBufferWriter<byte>();
        var cursor = new StreamCursor(log);
        while (cursor.TryCopyTo(output, int.MaxValue))
        {
            Assert.True(output.WrittenCount > 0);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
