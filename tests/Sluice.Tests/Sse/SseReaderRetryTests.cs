using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseReaderRetryTests
{
    [Theory]
    [InlineData("retry:3000\ndata:x\n\n", 3000L)]
    [InlineData("retry: 03000\n", 3000L)]
    [InlineData("retry:0\n", 0L)]
    [InlineData("retry:3000\nretry:1000x\n", 3000L)]
    [InlineData("retry:3000\nretry:-1\n", 3000L)]
    [InlineData("retry:3000\nretry:1 \n", 3000L)]
    [InlineData("retry:3000\nretry:  1\n", 3000L)]
    [InlineData("retry:3000\nretry:1.5\n", 3000L)]
    [InlineData("retry:3000\nretry:\n", 3000L)]
    [InlineData("retry:3000\nretry\n", 3000L)]
    [InlineData("retry:3000\nretry:5\n", 5L)]
    [InlineData("retry:x\n", null)]
    [InlineData("data:x\n\n", null)]
    [InlineData("retry:300", null)]
    [InlineData("retry:99999999999999999999999999\n", 922337203685477L)]
    public async Task Retry_FieldValue_IsTheLastOneOfDigitsOnly(string input, long? milliseconds)
    {
        foreach (int size in (int[])[1, 2, 0])
        {
            await using var reader = new SseReader(Reading.ReadByRead(Reading.Cut(Reading.Utf8(input), size)));
            await Reading.AllAsync(reader);
            Assert.Equal(milliseconds is { } value ? TimeSpan.FromTicks(value * TimeSpan.TicksPerMillisecond) : null, reader.Retry);
        }
    }
}
