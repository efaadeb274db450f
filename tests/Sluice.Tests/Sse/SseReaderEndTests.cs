using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseReaderEndTests
{
    [Theory]
    [InlineData("data: a", "a", "")]
    [InlineData("data: a\n", "a", "")]
    [InlineData("data: a\r", "a", "")]
    [InlineData("data: a\nda", "a", "")]
    [InlineData("data: a\ndata", "a\n", "")]
    [InlineData("data: a\ndata: b", "a\nb", "")]
    [InlineData("event: e\ndata: a", "a", "e")]
    [InlineData("data: a\nevent: e", "a", "e")]
    [InlineData("data", "", "")]
    [InlineData("data:", "", "")]
    [InlineData("data: [DONE]", "[DONE]", "")]
    public async Task ReadAsync_InputEndsWithinAnEvent_GivesItOnceAsUnterminated(string input, string data, string type)
    {
        foreach (int size in (int[])[1, 2, 0])
        {
            List<SeenEvent> seen = await Reading.AllAsync(Reading.ReadByRead(Reading.Cut(Reading.Utf8(input), size)));
            Assert.Equal([SeenEvent.Of(data, type, isTerminated: false)], seen);
        }
    }

    [Theory]
    [InlineData("event: e\n")]
    [InlineData("event: e")]
    [InlineData("id: 1\nretry: 5")]
    [InlineData(": comment")]
    [InlineData("unknown")]
    [InlineData("data: a\n\n:")]
    public async Task ReadAsync_InputEndsWithoutPendingData_GivesNoUnterminatedEvent(string input)
    {
        List<SeenEvent> seen = await Reading.AllAsync(Reading.ReadByRead(Reading.Cut(Reading.Utf8(input), 1)));
        Assert.DoesNotContain(seen, e => !e.IsTerminated);
    }

    [Fact]
    public async Task LastEventId_IdOfAnUnterminatedEvent_IsNoCursor()
    {
        byte[] input = Reading.Utf8("id: 1\ndata: a\n\nid: 2\ndata: b\n");
        Assert.Equal(
            [SeenEvent.Of("a", id: "1"), SeenEvent.Of("b", id: "1", isTerminated: false)],
            await Reading.AllAsync(Reading.AtOnce(Reading.Cut(input, 0))));
    }

    [Fact]
    public async Task ReadAsync_AfterTheEnd_StaysFalse()
    {
        await using var reader = new SseReader(Reading.AtOnce(Reading.Cut(Reading.Utf8("data: a"), 0)));
        await Reading.AllAsync(reader);
        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(reader.Current.Data.IsEmpty);
    }
}
