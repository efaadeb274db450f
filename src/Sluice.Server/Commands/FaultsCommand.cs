using System.CommandLine;
using System.Text.Json;
using Sluice.Server.FaultSuite;

namespace Sluice.Server.Commands;

/// <summary>`sluice faults`: the sixteen faults, each against a server of its own in this process.</summary>
internal sealed class FaultsCommand : ExampleCommand
{
    private readonly Option<string?> _json = new("--json") { Description = "also write the report as JSON", HelpName = "FILE" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "also write the table as Markdown", HelpName = "FILE" };
    private readonly Option<string?> _only = new Option<string?>("--only") { Description = "one fault only", HelpName = "s01..s16" }.AcceptOnlyFromAmong([.. FaultCases.All.Select(static fault => fault.Name)]);
    private readonly Option<string?> _dialect = new Option<string?>("--dialect") { Description = "one dialect only", HelpName = "native|openai" }.AcceptOnlyFromAmong("native", "openai");
    private readonly Option<int?> _random = NumberOption.CreateOptional<int>("--random", "N", "instead, ask N questions of a target of which 30 calls of 100 fail at random, with two healthy ones behind it", 1, 10_000_000);
    private readonly Option<long> _seed = NumberOption.Create<long>("--seed", "S", "what --random draws the faults from", 0, long.MaxValue, 1);

    public FaultsCommand()
        : base("faults", "Shows what a user gets when providers misbehave: sixteen faults, asked over HTTP, judged byte by byte.")
    {
        Notes = "Exit code 1 on any wrong outcome: text that is wrong or missing shown as a whole answer, a hang, something left behind. Everything runs in this process, on 127.0.0.1, on a clock "
            + "that runs ten times as fast.";
        Examples =
        [
            "sluice faults",
            "sluice faults --only s08 --dialect openai",
            "sluice faults --json faults.json --markdown faults.md",
            "sluice faults --random 10000 --seed 7",
        ];
        foreach (Option option in (ReadOnlySpan<Option>)[_json, _markdown, _only, _dialect, _random, _seed]) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var invocation = parsed.InvocationConfiguration;
        var (json, markdown) = (parsed.GetValue(_json), parsed.GetValue(_markdown));
        if (parsed.GetValue(_random) is { } questions)
        {
            var random = await RandomRun.RunAsync(questions, parsed.GetValue(_seed), TimeProvider.System, cancellationToken);
            RandomText.Write(random, invocation.Output);
            var isSaved = await SaveAsync(json, JsonSerializer.Serialize(random, FaultJson.Default.RandomReport), invocation.Error);
            return random.Passed && isSaved ? ExitCode.Done : ExitCode.Failed;
        }

        var only = parsed.GetValue(_only);
        IReadOnlyList<FaultDialect> dialects = parsed.GetValue(_dialect) switch
        {
            "native" => [FaultDialect.Native],
            "openai" => [FaultDialect.OpenAi],
            _ => [FaultDialect.Native, FaultDialect.OpenAi],
        };
        var report = await FaultSuiteRun.RunAsync([.. FaultCases.All.Where(fault => only is null || fault.Name == only)], dialects, TimeProvider.System, cancellationToken);
        FaultTable.Write(report, invocation.Output);
        var isWritten = await SaveAsync(json, JsonSerializer.Serialize(report, FaultJson.Default.FaultReport), invocation.Error)
            & await SaveAsync(markdown, FaultMarkdown.Write(report), invocation.Error);
        return report.Wrong == 0 && isWritten ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<bool> SaveAsync(string? file, string text, TextWriter error)
    {
        if (file is null) return true;
        try
        {
            await File.WriteAllTextAsync(file, text, CancellationToken.None);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"faults: {file} could not be written: {problem.Message}");
            return false;
        }
    }
}
