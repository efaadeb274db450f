using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>A bucket that fills with what is used and leaks a limit's worth in a minute: what is in it counts against the limit.</summary>
/// <remarks>
/// In whole numbers: a token weighs as many units as a minute has ticks, so that with each tick exactly <c>limit</c> units leak. It may be filled beyond the
/// limit, by what turned out to cost more than was expected; then nothing is admitted until that has leaked. Not safe for several threads.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct RateBucket
{
    private const long Weight = TimeSpan.TicksPerMinute;

    private Int128 _level;
    private long _at;

    /// <summary>Whether nothing is in it that would still have to leak.</summary>
    public readonly bool IsEmpty => _level == 0;

    /// <summary>Lets leak what is due. Call before anything else; without a limit nothing counts.</summary>
    /// <param name="perMinute">The limit in force, or null.</param>
    /// <param name="now">The time in ticks, of a clock that never goes back.</param>
    public void Leak(int? perMinute, long now)
    {
        var level = perMinute is { } rate ? _level - ((Int128)(now - _at) * rate) : 0;
        _level = Int128.Max(0, level);
        _at = now;
    }

    /// <summary>Fills in what is used.</summary>
    public void Add(long amount) => _level += (Int128)amount * Weight;

    /// <summary>How long until an amount fits beside what is in it, in ticks; 0 where it does now.</summary>
    /// <param name="amount">The amount, at most the limit.</param>
    /// <param name="perMinute">The limit in force.</param>
    public readonly long Wait(long amount, int perMinute)
    {
        var over = _level + ((Int128)(amount - perMinute) * Weight);
        return over <= 0 ? 0 : (long)Int128.Min(long.MaxValue, (over + perMinute - 1) / perMinute);
    }

    /// <summary>What fits beside what is in it; below 0 where it is filled beyond the limit.</summary>
    public readonly long Room(int perMinute) => perMinute - (long)Int128.Min(long.MaxValue / 2, (_level + Weight - 1) / Weight);
}
