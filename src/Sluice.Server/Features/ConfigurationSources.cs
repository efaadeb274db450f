using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace Sluice.Server.Features;

/// <summary>Where settings come from; later ones win.</summary>
internal static class ConfigurationSources
{
    /// <summary>1. appsettings.json beside the program, 2. in the working directory, 3. <c>--config FILE</c>, 4. environment variables (<c>Sluice__...</c>),
    /// 5. the command line; and keys in the environment (<c>OPENAI_API_KEY</c>) for providers that none of these names.</summary>
    /// <exception cref="UsageException">An argument is wrong.</exception>
    public static void UseSluiceSources(this ConfigurationManager configuration, string[] args)
    {
        var (file, rest) = TakeConfigFile(args);
        configuration.Sources.Clear();
        configuration.AddFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        var here = Path.GetFullPath("appsettings.json");
        if (here != Path.Combine(AppContext.BaseDirectory, "appsettings.json"))
        {
            configuration.AddFile(here, optional: true);
        }

        if (file is not null)
        {
            configuration.AddFile(Path.GetFullPath(file), optional: false);
        }

        configuration.AddEnvironmentVariables("ASPNETCORE_");
        configuration.AddEnvironmentVariables("DOTNET_");
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(rest);

        // Only where nothing else names such a provider: its key must not go to whatever address a file gives it.
        var named = configuration.GetSection("Sluice:Providers").GetChildren().Select(provider => provider.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        configuration.AddInMemoryCollection(EnvironmentKeys.Read(Environment.GetEnvironmentVariable, named));
    }

    private static void AddFile(this ConfigurationManager configuration, string path, bool optional)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (!optional && !File.Exists(path))
        {
            throw new UsageException($"--config: there is no file {path}.");
        }

        if (!Directory.Exists(directory))
        {
            return;
        }

        // Polled: a watcher of the directory would watch everything below it, too.
        configuration.Add<SettingsFile>(source =>
        {
            source.FileProvider = new PhysicalFileProvider(directory, ExclusionFilters.None) { UsePollingFileWatcher = true, UseActivePolling = true };
            source.Path = Path.GetFileName(path);
            source.Optional = optional;
            source.ReloadOnChange = true;
            source.HasStarted = static () => HasStarted;
        });
    }

    /// <summary>Whether the first configuration stands: from then on a broken file is reported instead of ending the process.</summary>
    public static bool HasStarted { get; set; }

    private static (string? File, string[] Others) TakeConfigFile(string[] args)
    {
        string? file = null;
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--config=", StringComparison.Ordinal))
            {
                file = args[i]["--config=".Length..];
            }
            else if (args[i] == "--config")
            {
                file = i + 1 < args.Length ? args[++i] : throw new UsageException("--config wants a file: --config FILE.");
            }
            else
            {
                rest.Add(args[i]);
            }
        }

        CheckArguments(rest);
        return (file, [.. rest]);
    }

    // The configuration library takes anything; a slip would be silently ignored.
    private static void CheckArguments(List<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var isOption = args[i].StartsWith("--", StringComparison.Ordinal) || args[i].StartsWith('/');
            if (!isOption)
            {
                throw new UsageException($"`{args[i]}` is not understood. Options are --name value or --name=value, such as --urls http://127.0.0.1:5080. See: sluice --help");
            }

            if (args[i].Contains('=', StringComparison.Ordinal))
            {
                continue;
            }

            if (++i >= args.Count)
            {
                throw new UsageException($"{args[i - 1]} wants a value.");
            }
        }
    }
}
