using Sluice.EndToEnd.Processes;

[assembly: AssemblyFixture(typeof(Sluice.EndToEnd.Sdks.FailoverGateway))]

namespace Sluice.EndToEnd.Sdks;

/// <summary>A server whose models each have a target that breaks off in mid-answer, and a healthy one behind it: <c>cut</c>, <c>stall</c> and <c>error-chunk</c>.</summary>
public sealed class FailoverGateway : IAsyncLifetime
{
    private static readonly string[] Scenarios = ["cut", "stall", "error-chunk"];

    private ServerProcess? _first;
    private ServerProcess? _second;
    private ServerProcess? _server;

    /// <summary>The healthy target.</summary>
    internal ServerProcess Second => _second!;

    /// <summary>The server.</summary>
    internal ServerProcess Server => _server!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _first = await ServerProcess.UpstreamAsync();
        _second = await ServerProcess.UpstreamAsync();
        var settings = Gateway.Connect("first", "openai", _first).Concat(Gateway.Connect("second", "openai", _second));

        // Each test shall meet the fault: no target is left alone for having failed before.
        settings = settings.Append(("Sluice__Breaker__Enabled", "false"));
        foreach (var scenario in Scenarios)
        {
            settings = settings.Concat([
                ($"Sluice__Models__{scenario}__Targets__0__Provider", "first"),
                ($"Sluice__Models__{scenario}__Targets__0__Model", $"sim-60-2000-{scenario}"),
                ($"Sluice__Models__{scenario}__Targets__0__Timeouts__Idle", "00:00:01"),
                ($"Sluice__Models__{scenario}__Targets__1__Provider", "second"),
                ($"Sluice__Models__{scenario}__Targets__1__Model", "sim-60-2000")]);
        }

        _server = await ServerProcess.ServeAsync(settings.ToDictionary(setting => setting.Item1, setting => setting.Item2, StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _server, _first, _second })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }
    }
}
