using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sluice.EndToEnd.Commands;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Monitoring;

/// <summary>A real Prometheus (<c>apt-get install prometheus</c>) that looks at one server each second. Ends with this object.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private Process? _process;

    /// <summary>Starts it.</summary>
    /// <param name="target">The server to look at.</param>
    public static async Task<PrometheusServer> StartAsync(Uri target)
    {
        var prometheus = new PrometheusServer();
        try
        {
            await prometheus.RunAsync(target);
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The values that an expression has now.</summary>
    /// <exception cref="InvalidOperationException">Prometheus does not understand it.</exception>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri($"api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative), cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{expression}: {text}");
        }

        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
            .Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(Uri target)
    {
        var config = _folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s }
            rule_files: ["{{Path.Combine(Paths.Monitoring, "alerts.yml")}}"]
            scrape_configs:
              - job_name: sluice
                static_configs: [ { targets: ["{{target.Authority}}"] } ]
            """);
        var address = $"127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("prometheus", [$"--config.file={config}", $"--storage.tsdb.path={_folder["data"]}", $"--web.listen-address={address}"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        _http.BaseAddress = new Uri($"http://{address}");
        await Eventually.IsAsync(IsUpAsync, static isUp => isUp);
    }

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await QueryAsync("up{job=\"sluice\"}", cancellationToken)).Contains(1);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            // It does not listen yet, or is not ready.
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
