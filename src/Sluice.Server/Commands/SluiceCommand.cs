using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>The root: shows what there is.</summary>
internal sealed class SluiceCommand() : RootCommand("Sluice: a streaming chat server for LLMs, and the tools around it."), IHasExamples
{
    public string Notes => "No command means serve. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.";

    public IReadOnlyList<string> Examples { get; } =
    [
        "sluice --urls http://127.0.0.1:5080",
        "sluice ask \"Why is the sky blue?\"",
        "sluice upstream --port 9101 --scenario cut",
        "sluice load --url http://127.0.0.1:9101 --model sim-60-1000 --streams 1000 --concurrency 50",
        "sluice faults",
        "sluice keys create --name me",
    ];
}
