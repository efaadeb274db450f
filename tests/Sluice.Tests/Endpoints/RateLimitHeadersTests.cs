using CsCheck;
using Sluice.Endpoints;
using Sluice.Providers.OpenAi;

namespace Sluice.Tests.Endpoints;

public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(250, "250ms")]
    [InlineData(1000, "1s")]
    [InlineData(8640, "8.64s")]
    [InlineData(59_999, "59.999s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_661_500, "1h1m1.5s")]
    public void Text_IsAsOpenAiWritesIt(long milliseconds, string expected) => Assert.Equal(expected, RateLimitHeaders.Text(TimeSpan.FromMilliseconds(milliseconds)));

    // What reads such headers of an upstream reads these.
    [Fact]
    public void Text_ReadAgain_IsTheSameTime() => Gen.Long[0, 400_000_000].Sample(
        milliseconds => Assert.Equal(milliseconds, RateLimitReset.Parse(RateLimitHeaders.Text(TimeSpan.FromMilliseconds(milliseconds)))!.Value.TotalMilliseconds, 0.001), iter: 1000, threads: 1);
}
