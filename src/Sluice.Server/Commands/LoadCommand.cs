using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Sluice.Server.Load;

namespace Sluice.Server.Commands;

/// <summary>`sluice load`: the streaming load generator.</summary>
internal sealed class LoadCommand : ExampleCommand
{
    private const double MaxSeconds = 86_400;

    private readonly Option<Uri?> _url = UrlOption.Create("where to ask; a bare origin gets /v1/chat/completions");
    private readonly Option<int> _streams = NumberOption.Create<int>("--streams", "N", "streams to measure", 1, int.MaxValue, 100, "-n");
    private readonly Option<int> _concurrency = NumberOption.Create<int>("--concurrency", "C", "how many at once", 1, 100_000, 10, "-c");
    private readonly Option<string?> _json = new("--json") { Description = "also write the report as JSON; - means to standard output, instead of the table", HelpName = "FILE" };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "the model; without it none is named", HelpName = "M" };
    private readonly Option<string> _prompt = new("--prompt") { Description = "the question", HelpName = "TEXT", DefaultValueFactory = static _ => "Tell me about rivers." };
    private readonly Option<string?> _dialect = new Option<string?>("--dialect") { Description = "openai is POST chat completions, native is GET /ask/stream; without it the URL's path decides", HelpName = "openai|native" }.AcceptOnlyFromAmong("openai", "native");
    private readonly Option<KeyValuePair<string, string>[]> _headers = HeaderOption.Create();
    private readonly Option<double> _ramp = NumberOption.Create<double>("--ramp", "S", "seconds over which the first streams are started", 0, MaxSeconds, 0);
    private readonly Option<double> _timeout = NumberOption.Create<double>("--timeout", "S", "seconds of silence after which a stream has failed", 1, MaxSeconds, 60);
    private readonly Option<int> _warmup = NumberOption.Create<int>("--warmup", "N", "streams before the measured ones", 0, int.MaxValue, 0);
    private readonly Option<int[]> _pids = new("--pid") { Description = "processes whose CPU time per token and memory are shown (Linux)", HelpName = "PID[,PID]", CustomParser = ReadPids, DefaultValueFactory = static _ => [] };

    public LoadCommand()
        : base("load", "Asks for many streams at once and measures every token's arrival.")
    {
        Notes = "Exit code 1 if any stream failed. Ctrl+C stops, and shows what was measured until then.";
        Examples =
        [
            "sluice load --url http://127.0.0.1:9101 --model sim-200-0 --streams 1000 --concurrency 32",
            "sluice load --url http://127.0.0.1:5080 --model up/lat-200-30000 -n 300 -c 100 --warmup 100 --pid $(pidof Sluice.Server)",
            "sluice load --url http://127.0.0.1:5080/ask/stream --streams 50 --json report.json",
        ];
        _url.Required = true;
        foreach (Option option in (ReadOnlySpan<Option>)[_url, _streams, _concurrency, _json, _model, _prompt, _dialect, _headers, _ramp, _timeout, _warmup, _pids]) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Read(parsed);
        var runner = new LoadRunner(options, TimeProvider.System);
        var run = runner.RunAsync(cancellationToken);
        var report = Console.IsErrorRedirected ? await run : await LoadProgress.ShowAsync(runner, run, options.Streams, TimeProvider.System);
        var invocation = parsed.InvocationConfiguration;
        var file = parsed.GetValue(_json);
        if (file == "-") await invocation.Output.WriteLineAsync(JsonSerializer.Serialize(report, LoadJson.Default.LoadReport));
        else LoadTable.Write(report, invocation.Output);
        if (file is not (null or "-") && !await SaveAsync(report, file, invocation.Error)) return ExitCode.Failed;
        return report.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<bool> SaveAsync(LoadReport report, string file, TextWriter error)
    {
        try
        {
            await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(report, LoadJson.Default.LoadReport), CancellationToken.None);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"load: {file} could not be written: {problem.Message}");
            return false;
        }
    }

    private LoadOptions Read(ParseResult parsed) => new()
    {
        Target = LoadTarget.From(parsed.GetValue(_url)!, parsed.GetValue(_dialect) switch
        {
            "native" => LoadDialect.Native,
            "openai" => LoadDialect.OpenAi,
            _ => null,
        }),
        Streams = parsed.GetValue(_streams),
        Concurrency = parsed.GetValue(_concurrency),
        Warmup = parsed.GetValue(_warmup),
        Model = parsed.GetValue(_model),
        Prompt = parsed.GetValue(_prompt)!,
        Ramp = TimeSpan.FromSeconds(parsed.GetValue(_ramp)),
        Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
        Headers = parsed.GetValue(_headers) ?? [],
        Pids = parsed.GetValue(_pids) ?? [],
    };

    private static int[] ReadPids(ArgumentResult result)
    {
        var pids = new List<int>();
        foreach (var text in result.Tokens.SelectMany(static t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) result.AddError($"--pid wants process ids, not '{text}'.");
            else if (ProcessUsage.Read(pid) is null) result.AddError($"There is no process {pid} whose /proc/{pid}/stat can be read.");
            else pids.Add(pid);
        }

        return [.. pids];
    }
}
