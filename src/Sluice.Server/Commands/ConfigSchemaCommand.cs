using System.CommandLine;
using Sluice.Server.Features;

namespace Sluice.Server.Commands;

/// <summary>`sluice config schema`: the JSON Schema of a configuration file.</summary>
internal sealed class ConfigSchemaCommand : ExampleCommand
{
    public ConfigSchemaCommand()
        : base("schema", "Prints the JSON Schema of a configuration file, for editors.")
    {
        Notes = "Name it in a file's \"$schema\", and an editor completes names and underlines slips.";
        Examples = ["sluice config schema > sluice.schema.json"];
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await parsed.InvocationConfiguration.Output.WriteAsync(ConfigurationCheck.Schema());
        return ExitCode.Done;
    }
}
