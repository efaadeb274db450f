namespace Sluice.Server.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal interface IHasExamples
{
    /// <summary>A paragraph between the options and the examples, or null.</summary>
    string? Notes { get; }

    /// <summary>Command lines that work as they stand.</summary>
    IReadOnlyList<string> Examples { get; }
}
