using System.Text;
using Sluice.Chat;
using Sluice.Hosting;
using Sluice.Pipeline;
using Sluice.Server.Access;
using Sluice.Server.Conversations;

namespace Sluice.Server.Features;

/// <summary>Looks at a configuration as the server would, without serving.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Reads all sources, checks them, and says what the server would do with them.</summary>
    /// <param name="file">One more file, or null.</param>
    /// <param name="connect">Whether each provider is asked for its models.</param>
    /// <param name="output">Where to say it.</param>
    /// <param name="cancellationToken">Ends the waits.</param>
    /// <returns>Whether every provider that was asked has answered.</returns>
    /// <exception cref="SluiceConfigurationException">The configuration has errors: all of them.</exception>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is not JSON.</exception>
    public static async Task<bool> RunAsync(string? file, bool connect, TextWriter output, CancellationToken cancellationToken)
    {
        using var configuration = new ConfigurationManager();
        configuration.UseSluiceSources(file is null ? [] : ["--config", file]);
        var collection = new ServiceCollection();
        collection.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.None));
        collection.AddSluice(configuration.GetSection("Sluice")).KnowConversations().KnowAccess();
        await using var services = collection.BuildServiceProvider();
        var options = services.GetRequiredService<SluiceOptionsReader>().Read();
        var table = services.GetRequiredService<RoutingTableFactory>().Create(options);

        await output.WriteLineAsync("The configuration is right.");
        foreach (var path in configuration.Sources.OfType<SettingsFile>().Select(FullPath).Where(File.Exists))
        {
            await output.WriteLineAsync($"  File       {path}");
        }

        foreach (var (name, route) in table.Routes)
        {
            await output.WriteLineAsync($"  Model      {name} -> {string.Join(", then ", route.Targets.Select(target => target.Name))}");
        }

        await output.WriteLineAsync($"  Default    {table.DefaultModel}");
        var isWell = true;
        foreach (var (name, upstream) in table.Upstreams)
        {
            var (isThere, words) = connect ? await AskAsync(upstream, cancellationToken) : (true, "");
            isWell &= isThere;
            await output.WriteLineAsync($"  Provider   {name}{words}");
        }

        return isWell;
    }

    /// <summary>The JSON Schema of a configuration file, with what docs/configuration.md says of each setting.</summary>
    public static string Schema() => SettingsSchema.Of([.. Settings.All, .. AccessSettings.All, .. ConversationSettings.All], SettingsTable.Load().Find).ToJsonString(new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";

    private static string FullPath(SettingsFile source) => source.FileProvider!.GetFileInfo(source.Path!).PhysicalPath ?? source.Path!;

    private static async Task<(bool IsThere, string Words)> AskAsync(RoutingTable.Upstream upstream, CancellationToken cancellationToken)
    {
        if (upstream.Directory is not { } directory)
        {
            return (true, ": cannot be asked for its models");
        }

        try
        {
            var models = await directory.ListAsync(cancellationToken);
            var some = new StringBuilder().AppendJoin(", ", models.Take(5)).Append(models.Count > 5 ? ", ..." : "");
            return (true, $": answers, {models.Count} {(models.Count == 1 ? "model" : "models")}{(models.Count > 0 ? $" ({some})" : "")}");
        }
        catch (ChatProviderException e)
        {
            return (false, $": {e.Code}: {e.Message}");
        }
    }
}
