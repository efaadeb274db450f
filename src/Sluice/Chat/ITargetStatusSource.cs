namespace Sluice.Chat;

/// <summary>Knows how the upstreams do, so that HTTP endpoints need not know who calls them.</summary>
public interface ITargetStatusSource
{
    /// <summary>All targets: those of each configured model in its order, then the providers themselves.</summary>
    IReadOnlyList<TargetStatus> Targets { get; }

    /// <summary>Providers that did not answer when they were last probed, with the code of what they failed with. Empty where nobody probes.</summary>
    IReadOnlyDictionary<string, string> Unreachable { get; }

    /// <summary>How many retries the process may make at once, over all models.</summary>
    double RetriesLeft { get; }
}
