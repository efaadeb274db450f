using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>A command with examples in its help and one method that runs it.</summary>
internal abstract class ExampleCommand : Command, IHasExamples
{
    protected ExampleCommand(string name, string description)
        : base(name, description) => SetAction(RunAsync);

    public string? Notes { get; protected init; }

    public IReadOnlyList<string> Examples { get; protected init; } = [];

    /// <summary>Runs the command; wrong usage has been refused before.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);
}
