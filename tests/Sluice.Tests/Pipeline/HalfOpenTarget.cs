using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

/// <summary>A target that failed and was left alone for long enough: the next call is the probe.</summary>
internal static class HalfOpenTarget
{
    /// <summary>Its health.</summary>
    /// <param name="time">The clock, which is moved past the break.</param>
    public static TargetHealth Health(FakeTimeProvider time)
    {
        var health = new TargetHealth(time, new BreakerOptions { MinimumCalls = 2, Break = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 2; i++)
        {
            Assert.True(health.TryEnter(out var permit, out _));
            permit.Failed(new ChatProviderException(ChatErrorKind.Upstream, "x"));
            permit.Dispose();
        }

        time.Advance(TimeSpan.FromSeconds(11));
        return health;
    }
}
