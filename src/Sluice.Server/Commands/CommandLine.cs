using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Sluice.Server.Commands;

/// <summary>The root of the command line: `serve` by default, and the tools beside it.</summary>
internal static class CommandLine
{
    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="args">The process's arguments.</param>
    /// <param name="serve">The server; it gets its arguments unchanged (`--urls X`, `--Sluice:DefaultModel=x`), the word `serve` taken off.</param>
    /// <param name="ask">Answers one question in process, for `ask` without `--url`.</param>
    /// <param name="output">Standard output unless a test says otherwise.</param>
    /// <param name="error">Standard error unless a test says otherwise.</param>
    /// <param name="cancellationToken">Ends what runs, as Ctrl+C does.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        Func<string[], CancellationToken, Task<int>> serve,
        Func<AskArguments, CancellationToken, Task<int>> ask,
        TextWriter? output = null,
        TextWriter? error = null,
        CancellationToken cancellationToken = default)
    {
        // The server's arguments belong to ASP.NET Core's configuration, whose grammar is not this library's: they are not parsed here.
        if (ServeArguments(args) is { } serveArgs) return await serve(serveArgs, cancellationToken);

        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
        if (output is not null) invocation.Output = output;
        if (error is not null) invocation.Error = error;
        var parsed = Root(ask).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not ExamplesHelpAction)
        {
            foreach (var problem in parsed.Errors) await invocation.Error.WriteLineAsync(problem.Message);
            await invocation.Error.WriteLineAsync($"Try: {Path(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>The server's arguments if it is the server that is asked for, else null.</summary>
    private static string[]? ServeArguments(string[] args)
    {
        if (args.Any(static a => a is "--help" or "-h" or "-?" or "/?" or "/h" or "--version")) return null;
        if (args.Length == 0) return args;
        if (args[0] == "serve") return args[1..];
        return args[0].StartsWith('-') || args[0].StartsWith('/') ? args : null;
    }

    private static string Path(CommandResult command) => command.Parent is CommandResult parent ? $"{Path(parent)} {command.Command.Name}" : "sluice";

    private static SluiceCommand Root(Func<AskArguments, CancellationToken, Task<int>> ask)
    {
        var root = new SluiceCommand
        {
            new ServeHelpCommand(),
            new AskCommand(ask),
            new UpstreamCommand(),
            new LoadCommand(),
            new FaultsCommand(),
            new ConfigCommand(),
            new KeysCommand(TimeProvider.System),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        return root;
    }
}
