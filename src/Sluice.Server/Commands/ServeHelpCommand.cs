using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`sluice serve --help`: the server itself is started without the parser, see <see cref="CommandLine"/>.</summary>
internal sealed class ServeHelpCommand : Command, IHasExamples
{
    public ServeHelpCommand()
        : base("serve", "The server: /ask/stream, /v1/chat/completions, the chat page.")
    {
        Add(new Option<string>("--urls") { Description = "where to listen, http://127.0.0.1:5080 by default; ASPNETCORE_URLS does the same", HelpName = "URLS" });
        Add(new Option<string>("--config") { Description = "one more configuration file", HelpName = "FILE" });
        SetAction(static _ => ExitCode.Usage);
    }

    public string Notes => "Every setting can be given as --Sluice:NAME=VALUE; OPENAI_API_KEY or BELLA_API_KEY in the environment is enough to start.";

    public IReadOnlyList<string> Examples { get; } =
    [
        "sluice serve",
        "sluice serve --urls http://127.0.0.1:8080 --config sluice.json",
        "sluice serve --Sluice:DefaultModel=chat --Sluice:KeepAlive=00:00:10",
    ];
}
