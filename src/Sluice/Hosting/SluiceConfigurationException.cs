namespace Sluice.Hosting;

/// <summary>The configuration cannot be used. Names everything that is wrong at once, each with its fix.</summary>
/// <param name="problems">One sentence each; without secrets.</param>
public sealed class SluiceConfigurationException(IReadOnlyList<string> problems)
    : Exception($"The configuration has {problems.Count} {(problems.Count == 1 ? "error" : "errors")}:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(problem => $"  - {problem}"))}")
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
