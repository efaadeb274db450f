using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`sluice keys revoke`: takes a key back, with everything that runs under it.</summary>
internal sealed class KeysRevokeCommand : ExampleCommand
{
    private readonly TimeProvider _time;
    private readonly KeyDatabaseOptions _database = new();
    private readonly Argument<string> _id = new("id") { Description = "the key's id, see: sluice keys list" };

    public KeysRevokeCommand(TimeProvider time)
        : base("revoke", "Takes an API key back: its answers that run end within seconds.")
    {
        _time = time;
        Examples = ["sluice keys revoke key_3q2-7w4rT0Kx"];
        Arguments.Add(_id);
        _database.AddTo(this);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _database.UseAsync(parsed, async database =>
    {
        var id = parsed.GetRequiredValue(_id);
        if (!database.Revoke(id, _time.GetUtcNow()))
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is no key {id}. See: sluice keys list");
            return ExitCode.Failed;
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync($"{id} is revoked.");
        return ExitCode.Done;
    });
}
