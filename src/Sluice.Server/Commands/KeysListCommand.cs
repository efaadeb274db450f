using System.CommandLine;
using Sluice.Server.Access;

namespace Sluice.Server.Commands;

/// <summary>`sluice keys list`: what is known of the keys, which is everything but the keys.</summary>
internal sealed class KeysListCommand : ExampleCommand
{
    private readonly TimeProvider _time;
    private readonly KeyDatabaseOptions _database = new();

    public KeysListCommand(TimeProvider time)
        : base("list", "Lists the API keys, one on a line.")
    {
        _time = time;
        Examples = ["sluice keys list", "sluice keys list --database /var/lib/sluice/keys.db"];
        _database.AddTo(this);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _database.UseAsync(parsed, async database =>
    {
        var (keys, now) = (database.All(), _time.GetUtcNow());
        foreach (var (key, _) in keys) await parsed.InvocationConfiguration.Output.WriteLineAsync(KeyTable.Describe(key, now));
        if (keys.Count == 0) await parsed.InvocationConfiguration.Error.WriteLineAsync("There is no key yet. Make one: sluice keys create --name me");
        return ExitCode.Done;
    });
}
