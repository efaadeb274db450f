using System.Diagnostics;
using System.Text;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseReaderKeepAliveTests
{
    [Theory]
    [InlineData("~", ": ping\n")]
    [InlineData("~", ": ping\n\n")]
    [InlineData("~", ":\n:\n:\n")]
    [InlineData("~", "\n")]
    [InlineData("~", "\r\n")]
    [InlineData("~|~", ": ping\n", ": ping\n")]
    [InlineData("~|a", ": ping\n\n", "data: a\n\n")]
    [InlineData("a|~|b", "data: a\n\n", "\n", "data: b\n\n")]
    [InlineData("~|ab", "data: a", "b\n: ping\n", "\n")]
    [InlineData("~|ab", ": ping\ndata: a", "b\n\n")]
    public async Task ReadAsync_ReadBroughtNoEvent_IsReported(string expected, params string[] reads) =>
        Assert.Equal(expected, await ReadAllAsync(reads, isOn: true));

    [Theory]
    [InlineData("a", ": ping\n\ndata: a\n\n")]
    [InlineData("a", "data: a\n\n: ping\n\n")]
    [InlineData("a|b", "data: a\n\n: ping\n\ndata: b\n\n: ping\n")]
    [InlineData("a", "da", "ta", ": a", "\n", "\n")]
    [InlineData("", ": pi", "ng")]
    [InlineData("", "id: 1\n")]
    [InlineData("a", "data: a\r", "\n\r", "\n")]
    public async Task ReadAsync_ReadBroughtAnEventOrPartOfOne_IsNotReported(string expected, params string[] reads) =>
        Assert.Equal(expected, await ReadAllAsync(reads, isOn: true));

    [Fact]
    public async Task ReadAsync_NotAskedFor_GivesEventsOnly() =>
        Assert.Equal("a", await ReadAllAsync([": ping\n", "\n", "data: a\n\n", ": ping\n"], isOn: false));

    [Fact]
    public async Task ReadAsync_KeepAlives_AllocateNothing()
    {
        byte[] ping = ": ping\n\n"u8.ToArray();
        await using var reader = new SseReader(Reading.ReadByRead([.. Enumerable.Repeat<ReadOnlyMemory<byte>>(ping, 11_000)]), new SseReaderOptions { ReportKeepAlives = true });
        for (int i = 0; i < 100; i++)
            Assert.True(await reader.ReadAsync(CancellationToken.None));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            // It is there already: no wait, and so the same thread.
            if (!await reader.ReadAsync(CancellationToken.None) || !reader.Current.IsKeepAlive)
                throw new UnreachableException();
        }

        // The least object for each would be 240,000. Now and then the runtime allocates something of its own on the thread, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 24_000);
    }

    private static async Task<string> ReadAllAsync(string[] reads, bool isOn)
    {
        await using var reader = new SseReader(
            Reading.ReadByRead([.. reads.Select(read => new ReadOnlyMemory<byte>(Reading.Utf8(read)))]),
            new SseReaderOptions { ReportKeepAlives = isOn });
        List<string> seen = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(!reader.Current.IsKeepAlive || reader.Current.Data.IsEmpty);
            seen.Add(reader.Current.IsKeepAlive ? "~" : Encoding.UTF8.GetString(reader.Current.Data.Span));
        }

        return string.Join('|', seen);
    }
}
