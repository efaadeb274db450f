using Sluice.EndToEnd.Processes;

[assembly: AssemblyFixture(typeof(Gateway))]

namespace Sluice.EndToEnd.Processes;

/// <summary>The server in front of two scripted upstreams, each a process of its own: <c>up</c> speaks OpenAI's dialect, <c>bella</c> Bella's.</summary>
/// <remarks>All tests share one. A test that counts what the upstream or the server holds starts its own.</remarks>
public sealed class Gateway : IAsyncLifetime
{
    /// <summary>The key that the server sends upstream. It must never be seen anywhere else.</summary>
    internal const string Key = "sk-canary-7f3a9e51c2";

    private ServerProcess? _upstream;
    private ServerProcess? _bella;
    private ServerProcess? _server;

    /// <summary>The upstream <c>up</c>.</summary>
    internal ServerProcess Upstream => _upstream!;

    /// <summary>The upstream <c>bella</c>.</summary>
    internal ServerProcess Bella => _bella!;

    /// <summary>The server.</summary>
    internal ServerProcess Server => _server!;

    /// <summary>Starts one of the test's own.</summary>
    /// <param name="settings">More settings of the server.</param>
    internal static async Task<Gateway> StartAsync(params (string Name, string Value)[] settings)
    {
        var gateway = new Gateway();
        try
        {
            await gateway.RunAsync(settings);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>The upstream that a model is asked of, and what the model is called there.</summary>
    /// <param name="model"><c>up/...</c> or <c>bella/...</c>.</param>
    internal (ServerProcess Upstream, string Model) Behind(string model) =>
        model.Split('/') is ["bella", var name] ? (Bella, name) : (Upstream, model.Split('/')[1]);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await RunAsync([]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _server, _upstream, _bella })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }
    }

    /// <summary>The settings that connect an upstream.</summary>
    /// <param name="name">The provider's name.</param>
    /// <param name="type">The provider's type.</param>
    /// <param name="upstream">The upstream.</param>
    internal static IEnumerable<(string Name, string Value)> Connect(string name, string type, ServerProcess upstream) =>
    [
        ($"Sluice__Providers__{name}__Type", type),
        ($"Sluice__Providers__{name}__BaseUrl", new Uri(upstream.Address, "/v1").ToString()),
        ($"Sluice__Providers__{name}__ApiKey", Key),
    ];

    private async Task RunAsync((string Name, string Value)[] settings)
    {
        _upstream = await ServerProcess.UpstreamAsync();
        _bella = await ServerProcess.UpstreamAsync("--dialect", "bella");
        _server = await ServerProcess.ServeAsync(
            Connect("up", "openai", _upstream).Concat(Connect("bella", "bella", _bella)).Append((Name: "Sluice__DefaultModel", Value: "up/sim-60-0")).Concat(settings)
                .ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal));
    }
}
