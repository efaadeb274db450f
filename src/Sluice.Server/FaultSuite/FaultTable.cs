using Spectre.Console;

namespace Sluice.Server.FaultSuite;

/// <summary>A report for people.</summary>
internal static class FaultTable
{
    private const int RedirectedWidth = 130;

    public static void Write(FaultReport report, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = RedirectedWidth;
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var name in (ReadOnlySpan<string>)["fault", "what goes wrong", "dialect", "outcome", "time", "calls"]) table.AddColumn(name);
        foreach (var result in report.Results)
        {
            table.AddRow(
                new Text(result.Fault), new Text(result.Title), new Text(result.Dialect), new Text(FaultWords.Outcome(result)), new Text(FaultWords.Time(result)), new Text(FaultWords.Calls(result)));
        }

        console.Write(table);
        console.WriteLine(report.Summary);
    }
}
