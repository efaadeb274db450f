using Sluice.Sse;
using Sluice.Streams;

namespace Sluice.Tests.Streams;

public sealed class StreamIdTests
{
    [Fact]
    public void New_IsAPrefixAnd128BitsInBase64Url()
    {
        var id = StreamId.New();
        Assert.Matches("^st_[A-Za-z0-9_-]{22}$", id.Value);
        Assert.Equal(id.Value, id.ToString());
        Assert.True(SseEventId.IsValid($"{id}.{long.MaxValue}"));
    }

    [Fact]
    public void New_IsNewEachTime() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => StreamId.New().Value).Distinct(StringComparer.Ordinal).Count());
}
