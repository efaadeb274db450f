using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`sluice config`: what can be done with a configuration without serving.</summary>
internal sealed class ConfigCommand : Command, IHasExamples
{
    public ConfigCommand()
        : base("config", "Checks a configuration, or describes what one may hold.")
    {
        Add(new ConfigCheckCommand());
        Add(new ConfigSchemaCommand());
    }

    public string? Notes => null;

    public IReadOnlyList<string> Examples { get; } = ["sluice config check --config sluice.json --connect", "sluice config schema > sluice.schema.json"];
}
