using System.CommandLine;
using Sluice.Server.Access;
using Sluice.Server.Features;

namespace Sluice.Server.Commands;

/// <summary>`--database` and `--config`: where the keys are.</summary>
internal sealed class KeyDatabaseOptions
{
    private readonly Option<string?> _database = new("--database") { Description = "the keys' database; without it the one of the configuration", HelpName = "FILE" };
    private readonly Option<string?> _config = new("--config") { Description = "one more configuration file", HelpName = "FILE" };

    /// <summary>Adds both to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_database);
        command.Options.Add(_config);
    }

    /// <summary>Does something with the database; says in words why it cannot be used.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public async Task<int> UseAsync(ParseResult parsed, Func<ApiKeyDatabase, Task<int>> act)
    {
        try
        {
            using var database = ApiKeyDatabase.Open(parsed.GetValue(_database) ?? Configured(parsed.GetValue(_config)));
            return await act(database);
        }
        catch (Exception e) when (StartupError.Describe(e) is { } problem)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
    }

    private static string Configured(string? file)
    {
        using var configuration = new ConfigurationManager();
        configuration.UseSluiceSources(file is null ? [] : ["--config", file]);
        return AccessOptions.From(configuration).Keys.Database;
    }
}
