namespace Sluice.Chat;

/// <summary>Knows how the upstreams do, so that HTTP endpoints need not know who calls them.</summary>
public interface ITargetStatusSource
{
    /// <summary>All targets: those of each configured model in its order, then the providers themselves.</summary>
    IReadOnlyList<TargetStatus> Targets { get; }

    /// <summary>How many retries the process may make at once, over all models.</summary>
    double RetriesLeft { get; }
}
