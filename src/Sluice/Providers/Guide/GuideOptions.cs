namespace Sluice.Providers.Guide;

/// <summary>Settings of the built-in guide.</summary>
public sealed class GuideOptions
{
    /// <summary>The pause before each word of a streamed answer.</summary>
    /// <value>0 to 1 s; below 1 ms words follow each other as fast as they are read. Default 15 ms.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or over 1 s.</exception>
    /// <remarks>Checked here, since <c>[Range]</c> reads a TimeSpan through a type converter, which trimming may remove.</remarks>
    public TimeSpan TokenInterval
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(1));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(15);
}
