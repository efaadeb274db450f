namespace Sluice.Providers.Guide;

/// <summary>A section that a search found.</summary>
/// <param name="Section">The section.</param>
/// <param name="Score">How well it fits: comparable within one search only.</param>
internal sealed record GuideMatch(GuideSection Section, double Score);
