using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`sluice keys`: the API keys.</summary>
internal sealed class KeysCommand : Command, IHasExamples
{
    public KeysCommand(TimeProvider time)
        : base("keys", "API keys: makes, lists and revokes them. A running server notices within a second.")
    {
        Add(new KeysCreateCommand(time));
        Add(new KeysListCommand(time));
        Add(new KeysRevokeCommand(time));
    }

    public string Notes => "The keys are kept in Sluice:Access:Keys:Database of the server's configuration; run this in the server's working directory, or name the file with --database.";

    public IReadOnlyList<string> Examples { get; } =
    [
        "sluice keys create --name ann",
        "sluice keys list",
        "sluice keys revoke key_3q2-7w4rT0Kx",
    ];
}
