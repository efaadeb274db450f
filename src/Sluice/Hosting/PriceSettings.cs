using Sluice.Limits;

namespace Sluice.Hosting;

/// <summary>What a million tokens cost, in any unit: that of the budgets.</summary>
public sealed class PriceSettings
{
    /// <summary>Of questions.</summary>
    /// <value>Default 0; up to 1,000,000.</value>
    public decimal? Input { get; set; }

    /// <summary>Of questions, as far as the upstream says that it took them out of its cache.</summary>
    /// <value>Unset: as <see cref="Input"/>; up to 1,000,000.</value>
    public decimal? CachedInput { get; set; }

    /// <summary>Of answers.</summary>
    /// <value>Default 0; up to 1,000,000.</value>
    public decimal? Output { get; set; }

    /// <summary>Whether anything is set.</summary>
    internal bool IsSet => (Input ?? CachedInput ?? Output) is not null;

    /// <summary>As the rest of Sluice knows it.</summary>
    internal Price ToPrice() => new(Input ?? 0, CachedInput ?? Input ?? 0, Output ?? 0);
}
