using System.Text;
using CsCheck;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseReaderLimitTests
{
    [Theory]
    [InlineData("data:12345\n\n", null)]
    [InlineData("data:123456\n\n", SseFormatError.LineTooLong)]
    [InlineData("data: 12345\n\n", SseFormatError.LineTooLong)]
    [InlineData("data:1\na:123\n\n", SseFormatError.EventTooLong)]
    [InlineData("data:1\nabcd:\n\n", SseFormatError.EventTooLong)]
    [InlineData("data:1\na\r\n\r\n", null)]
    [InlineData("a:1\n\ndata:12345\n\n", null)]
    [InlineData("data:1\n\ndata:12345\n\n", null)]
    [InlineData("12345678901\n", SseFormatError.LineTooLong)]
    [InlineData("event:12345\n", SseFormatError.LineTooLong)]
    [InlineData("a\nid:123456\n", null)]
    [InlineData("a\nid:1234567\n", SseFormatError.EventTooLong)]
    [InlineData(":123456789\n:123456789\ndata:12345\n:123456789\n\n", null)]
    [InlineData(":1234567890\n", SseFormatError.LineTooLong)]
    [InlineData("data:12345\n:1234567890\n", SseFormatError.LineTooLong)]
    [InlineData("retry:12345\n", SseFormatError.LineTooLong)]
    public async Task ReadAsync_LimitOfTenBytes_RefusesTheEleventhHoweverTheInputIsCut(string input, SseFormatError? expected)
    {
        foreach (int size in (int[])[1, 2, 3, 7, 0])
        {
            Assert.Equal(expected, await ReadToErrorAsync(Reading.Utf8(input), size));
        }
    }

    [Fact]
    public async Task ReadAsync_EventBeforeTheOneThatIsTooLong_IsStillGiven()
    {
        byte[] input = Reading.Utf8("data: a\n\ndata: 1234567890\n\ndata: b\n\n");
        await using var reader = new SseReader(Reading.AtOnce([input]), new SseReaderOptions { MaxEventBytes = 10 });
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("a", Encoding.UTF8.GetString(reader.Current.Data.Span));
        for (int i = 0; i < 3; i++)
        {
            SseFormatException thrown = await Assert.ThrowsAsync<SseFormatException>(
                async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal(SseFormatError.LineTooLong, thrown.Kind);
        }
    }

    [Fact]
    public void ReadAsync_RandomLinesAtTheLimit_ErrorDoesNotDependOnTheCut()
    {
        Gen<string> line = Gen.OneOf("data:", "data", "id:", "a", ":", "x:", "event:", "retry:1")
            .Select(Gen.Char['a', 'b'].Array[0, 6], (name, value) => name + new string(value));
        Gen<string> stream = line.Select(Gen.OneOf("\n", "\r\n", "\n\n"), (text, end) => text + end)
            .Array[1, 6].Select(string.Concat);
        stream.Select(Gen.Int[1, 4]).Sample(
            (text, size) =>
            {
                byte[] bytes = Reading.Utf8(text);
                return ReadToErrorAsync(bytes, size).GetAwaiter().GetResult() == ReadToErrorAsync(bytes, 0).GetAwaiter().GetResult();
            },
            iter: 3000);
    }

    [Theory]
    [InlineData("", 64 * 1024)]
    [InlineData(":", 64 * 1024)]
    [InlineData("data: ", 18 * 1024 * 1024)]
    [InlineData("event: ", 18 * 1024 * 1024)]
    [InlineData("id: ", 64 * 1024)]
    [InlineData("retry: ", 64 * 1024)]
    [InlineData("unknown: ", 64 * 1024)]
    public async Task ReadAsync_LineOf700MegabytesWithoutEnd_IsRefusedAtTheLimitInBoundedMemory(string prefix, int mostAllocated)
    {
        const int Limit = 8 * 1024 * 1024;
        byte[] block = new byte[16 * 1024];
        block.AsSpan().Fill((byte)'x');
        var input = new EndlessPipeReader(Reading.Utf8(prefix), block, 700L * 1024 * 1024);
        await using var reader = new SseReader(input);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<bool> read = reader.ReadAsync(TestContext.Current.CancellationToken);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(read.IsFaulted);
        SseFormatException thrown = await Assert.ThrowsAsync<SseFormatException>(async () => await read);
        Assert.Equal(SseFormatError.LineTooLong, thrown.Kind);
        Assert.InRange(input.Given, Limit, Limit + block.Length + prefix.Length);
        // What is kept costs 2 + 4 + 8 MiB of doubling and the pooled steps before them; the rest is only counted.
        Assert.InRange(allocated, 0, mostAllocated);
    }

    [Fact]
    public async Task ReadAsync_EndlessComments_AreNoEventAndNoError()
    {
        byte[] block = Reading.Utf8(string.Concat(Enumerable.Repeat(": ping\n", 1000)));
        await using var reader = new SseReader(
            new EndlessPipeReader([], block, block.Length * 100L), new SseReaderOptions { MaxEventBytes = 10 });
        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(100_000, reader.Comments);
        Assert.Equal(block.Length * 100L, reader.BytesRead);
    }

    [Theory]
    [InlineData("id:1234\ndata:a\n\n", "1234")]
    [InlineData("id:12345\ndata:a\n\n", "")]
    [InlineData("id:12\nid:12345\ndata:a\n\n", "12")]
    [InlineData("id:12345\0\ndata:a\n\n", "")]
    public async Task LastEventId_LongerThanItsLimit_IsIgnored(string input, string id)
    {
        foreach (int size in (int[])[1, 3, 0])
        {
            Assert.Equal(
                [SeenEvent.Of("a", id: id)],
                await Reading.AllAsync(
                    Reading.ReadByRead(Reading.Cut(Reading.Utf8(input), size)), new SseReaderOptions { MaxEventIdBytes = 4 }));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(int.MaxValue, 1)]
    public void Constructor_LimitOutOfRange_Throws(int eventBytes, int idBytes)
    {
        var options = new SseReaderOptions { MaxEventBytes = eventBytes, MaxEventIdBytes = idBytes };
        Assert.Throws<ArgumentOutOfRangeException>(() => new SseReader(Reading.AtOnce([]), options));
    }

    private static async Task<SseFormatError?> ReadToErrorAsync(byte[] input, int size)
    {
        try
        {
            await Reading.AllAsync(Reading.ReadByRead(Reading.Cut(input, size)), new SseReaderOptions { MaxEventBytes = 10 });
            return null;
        }
        catch (SseFormatException thrown)
        {
            return thrown.Kind;
        }
    }
}
