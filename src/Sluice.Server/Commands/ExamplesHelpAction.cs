using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sluice.Server.Commands;

/// <summary>The library's help, and the command's examples below it.</summary>
internal sealed class ExamplesHelpAction(HelpAction help) : SynchronousCommandLineAction
{
    // `load --help` shall work although --url is missing.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exit = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not IHasExamples command) return exit;
        var output = parseResult.InvocationConfiguration.Output;
        if (command.Notes is { } notes) output.WriteLine(notes + "\n");
        output.WriteLine("Examples:");
        foreach (var example in command.Examples) output.WriteLine("  " + example);
        return exit;
    }
}
