namespace Sluice.EndToEnd.Processes;

/// <summary>Tests that count what a process holds, or want something done within a second: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(AloneTests), DisableParallelization = true)]
public sealed class AloneTests;
