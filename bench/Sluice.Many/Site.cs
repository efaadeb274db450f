using System.Reflection;

namespace Sluice.Many;

/// <summary>The server in front of its scripted upstream, each a process of its own.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly string? _vitals;

    private Site(Child upstream, Child server, string? vitals) => (Upstream, Server, _vitals) = (upstream, server, vitals);

    /// <summary>The scripted upstream, asked for as <c>up/...</c>.</summary>
    public Child Upstream { get; }

    /// <summary>The server.</summary>
    public Child Server { get; }

    /// <summary>The server's assembly, of the same configuration as this program.</summary>
    public static string DefaultProgram { get; } = Path.GetFullPath(
        typeof(Site).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "ServerAssembly").Value!);

    /// <summary>Starts both.</summary>
    /// <param name="program">The server to measure: an assembly or a native binary.</param>
    /// <param name="maxFiles">The server's limit of open files; 0 leaves it as it is.</param>
    /// <param name="gauges">Whether the server's gauges are summed up, too; costs it a little per request.</param>
    /// <param name="settings">The server's settings.</param>
    public static async Task<Site> StartAsync(string program, int maxFiles, bool gauges, params (string Name, string Value)[] settings)
    {
        var vitals = program.EndsWith(".dll", StringComparison.Ordinal) ? Path.GetTempFileName() : null;
        var upstream = await Child.StartAsync(DefaultProgram, "upstream --port 0", new Dictionary<string, string>(StringComparer.Ordinal));
        try
        {
            var all = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Sluice__Providers__up__Type"] = "openai",
                ["Sluice__Providers__up__BaseUrl"] = new Uri(upstream.Address, "/v1").ToString(),
                ["Sluice__DefaultModel"] = "up/sim-60-0",
            };
            foreach (var (name, value) in settings)
            {
                all[name] = value;
            }

            if (vitals is not null)
            {
                all["DOTNET_STARTUP_HOOKS"] = typeof(Site).Assembly.Location;
                all["SLUICE_VITALS"] = vitals;
                all["SLUICE_VITALS_GAUGES"] = gauges ? "1" : "0";
            }

            return new Site(upstream, await Child.StartAsync(Path.GetFullPath(program), "serve --urls http://127.0.0.1:0", all, maxFiles, vitals), vitals);
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        if (_vitals is not null)
        {
            File.Delete(_vitals);
        }
    }
}
