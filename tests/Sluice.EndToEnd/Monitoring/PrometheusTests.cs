using System.Diagnostics;
using System.Text.Json;
using Sluice.EndToEnd.Commands;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Monitoring;

/// <summary>What Prometheus sees of a server under load, the dashboard, and the alert rules.</summary>
public sealed class PrometheusTests
{
    private const int Streams = 200;

    [Fact]
    public async Task Rules_AreRight()
    {
        var run = await CommandRun.RunAsync(new ProcessStartInfo("promtool", ["check", "rules", Path.Combine(Paths.Monitoring, "alerts.yml")]));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    [Fact]
    public async Task UnderLoad_FiguresAgreeWithTheClientsAndEveryQueryOfTheDashboardHasData()
    {
        await using var gateway = await Gateway.StartAsync(
            ("Sluice__Models__chat__Targets__0__Provider", "up"), ("Sluice__Models__chat__Targets__0__Model", "sim-60-20000"));
        await using var prometheus = await PrometheusServer.StartAsync(gateway.Server.Address);
        using var folder = new TemporaryFolder();

        var load = await CommandRun.SluiceAsync(
            ["load", "--url", gateway.Server.Address.ToString(), "--model", "chat", "-n", $"{Streams}", "-c", "50", "--json", folder["report.json"]]);

        Assert.True(load.ExitCode == 0, load.Output + load.Error);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(folder["report.json"], TestContext.Current.CancellationToken));
        var tokens = report.RootElement.GetProperty("tokens").GetDouble();
        var bytes = report.RootElement.GetProperty("bytes").GetDouble();
        await Eventually.IsAsync(cancel => SumAsync("gen_ai_server_request_duration_seconds_count{gen_ai_request_model=\"chat\"}", cancel), static count => count >= Streams);
        Assert.Equal(Streams, report.RootElement.GetProperty("ok").GetDouble());
        await AgreesAsync("gen_ai_server_request_duration_seconds_count", Streams);
        await AgreesAsync("sluice_streams_ended_total{outcome=\"done\"}", Streams);
        await AgreesAsync("sluice_upstream_attempts_total", Streams);
        await AgreesAsync("gen_ai_client_inference_usage_output_tokens_total", tokens);
        await AgreesAsync("sluice_viewers_events_total", tokens, within: 0.06);
        Assert.InRange(await SumAsync("sluice_viewers_sent_bytes_total", TestContext.Current.CancellationToken), bytes * 0.5, bytes * 1.05);

        foreach (var query in Queries())
        {
            Assert.True((await prometheus.QueryAsync(query, TestContext.Current.CancellationToken)).Count > 0, $"No data: {query}");
        }

        async Task<double> SumAsync(string series, CancellationToken cancel) => (await prometheus.QueryAsync($"sum({series})", cancel)) is [var sum] ? sum : 0;

        async Task AgreesAsync(string series, double expected, double within = 0.02)
        {
            var seen = await SumAsync(series, TestContext.Current.CancellationToken);
            Assert.True(Math.Abs(seen - expected) <= expected * within, $"{series} is {seen}, the client counted {expected}.");
        }
    }

    private static List<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Paths.Monitoring, "grafana.json")));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(static panel => panel.TryGetProperty("targets", out _))
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(queries);
        return queries;
    }
}
