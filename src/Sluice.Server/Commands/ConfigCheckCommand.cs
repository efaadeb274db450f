using System.CommandLine;
using Sluice.Server.Features;

namespace Sluice.Server.Commands;

/// <summary>`sluice config check`: whether the server would start with a configuration, and all that is wrong where it would not.</summary>
internal sealed class ConfigCheckCommand : ExampleCommand
{
    private readonly Option<string?> _config = new("--config") { Description = "one more configuration file, as for serve", HelpName = "FILE" };
    private readonly Option<bool> _connect = new("--connect") { Description = "also ask each provider for its models" };

    public ConfigCheckCommand()
        : base("check", "Reads the configuration from every place that the server reads, and checks it.")
    {
        Notes = "Exit code 2 where it has errors: all are told at once, each with its fix. Exit code 1 where --connect finds a provider that does not answer. No key is shown.";
        Examples = ["sluice config check", "sluice config check --config /etc/sluice/sluice.json", "sluice config check --connect"];
        Options.Add(_config);
        Options.Add(_connect);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var invocation = parsed.InvocationConfiguration;
        try
        {
            return await ConfigurationCheck.RunAsync(parsed.GetValue(_config), parsed.GetValue(_connect), invocation.Output, cancellationToken) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (StartupError.Describe(e) is { } problem)
        {
            await invocation.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
    }
}
