using System.Globalization;
using Spectre.Console;

namespace Sluice.Server.Load;

/// <summary>A report for people.</summary>
internal static class LoadTable
{
    private const int RedirectedWidth = 110;

    public static void Write(LoadReport report, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = RedirectedWidth;
        console.WriteLine(Format($"{report.Dialect} {report.Url}  {report.Model}  {report.Concurrency} at once"));
        console.WriteLine(Format($"{report.Ok} ok, {report.Failed} failed, {report.Stopped} stopped of {report.Streams} streams in {report.Seconds:0.00} s"));
        console.WriteLine(Format($"{report.Tokens} tokens, {report.TokensPerSecond:0} tokens/s, {report.Bytes / 1e6:0.00} MB"));
        console.Write(Latencies(report));
        if (report.Errors.Count > 0) console.Write(Errors(report));
        if (report.Processes.Count > 0) console.Write(Processes(report));
    }

    private static Table Latencies(LoadReport report)
    {
        var table = Create("milliseconds", "count", "p50", "p90", "p99", "p99.9", "max");
        Add(table, "first token", report.TtftUs);
        Add(table, "between tokens", report.GapUs);
        Add(table, "delivery", report.DeliveryUs);
        return table;
    }

    private static Table Errors(LoadReport report)
    {
        var table = Create("error", "streams");
        foreach (var (kind, count) in report.Errors) table.AddRow(new Text(kind), new Text(Format($"{count}")));
        return table;
    }

    private static Table Processes(LoadReport report)
    {
        var table = Create("process", "CPU s", "CPU us/token", "RSS MB before", "peak", "after");
        foreach (var p in report.Processes)
            table.AddRow(Format($"{p.Pid}"), Format($"{p.CpuUs / 1e6:0.00}"), Format($"{p.CpuUsPerToken:0.00}"), Format($"{p.RssBefore / 1e6:0.0}"), Format($"{p.RssPeak / 1e6:0.0}"), Format($"{p.RssAfter / 1e6:0.0}"));
        return table;
    }

    private static Table Create(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(columns[i]);
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        return table;
    }

    private static void Add(Table table, string name, LatencyReport? latency)
    {
        if (latency is null) return;
        table.AddRow(name, Format($"{latency.Count}"), Milliseconds(latency.P50), Milliseconds(latency.P90), Milliseconds(latency.P99), Milliseconds(latency.P999), Milliseconds(latency.Max));
    }

    private static string Milliseconds(double microseconds) => Format($"{microseconds / 1000:0.000}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
