using System.CommandLine;
using Sluice.Server.Upstream;
using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Server.Commands;

/// <summary>`sluice upstream`: the scripted, faulty model server.</summary>
internal sealed class UpstreamCommand : ExampleCommand
{
    private const double MaxWait = 3_600_000;

    private readonly Option<int> _port = NumberOption.Create<int>("--port", "P", "TCP port on 127.0.0.1; 0 takes a free one, printed on the first line", 0, 65535, 0);
    private readonly Option<string> _scenario = new("--scenario") { Description = "what goes wrong; --list shows the names", HelpName = "NAME", DefaultValueFactory = static _ => "ok" };
    private readonly Option<int> _tokens = NumberOption.Create<int>("--tokens", "N", "tokens of an answer", 0, SimModel.MaxTokens, 60);
    private readonly Option<double> _interval = NumberOption.Create<double>("--interval", "MS", "milliseconds between two tokens", 0, MaxWait, 0);
    private readonly Option<double?> _firstToken = NumberOption.CreateOptional<double>("--first-token", "MS", "milliseconds to the first token; without it the scenario decides", 0, MaxWait);
    private readonly Option<string> _dialect = new Option<string>("--dialect") { Description = "how it speaks", HelpName = "openai|bella", DefaultValueFactory = static _ => "openai" }.AcceptOnlyFromAmong("openai", "bella");
    private readonly Option<int?> _at = NumberOption.CreateOptional<int>("--at", "N", "after how many tokens a fault strikes; without it two thirds of them", 0, SimModel.MaxTokens);
    private readonly Option<int?> _failFirst = NumberOption.CreateOptional<int>("--fail-first", "K", "only the first K requests of a model get the scenario, later ones are fine", 0, int.MaxValue);
    private readonly Option<long> _seed = NumberOption.Create<long>("--seed", "S", "what --scenario random is drawn from", 0, long.MaxValue, 1);
    private readonly Option<int> _percent = NumberOption.Create<int>("--percent", "P", "how many requests of a hundred --scenario random lets fail", 0, 100, 30);
    private readonly Option<bool> _stamps = new("--latency-stamps") { Description = "each token carries the moment of writing, so that `load` measures delivery" };
    private readonly Option<bool?> _done = new("--done") { Description = "whether [DONE] ends a stream; without it yes for openai, no for bella", HelpName = "true|false" };
    private readonly Option<bool> _list = new("--list") { Description = "list the scenarios" };

    public UpstreamCommand()
        : base("upstream", "A scripted, faulty model server to test against: OpenAI-compatible or Bella.")
    {
        Notes = "A request's model may override: sim-<tokens>-<microseconds between tokens>[-<scenario>], or lat-... with latency stamps.";
        Examples =
        [
            "sluice upstream --port 9101 --interval 20",
            "sluice upstream --scenario cut --at 40 --fail-first 1",
            "sluice upstream --dialect bella --scenario bella-merged",
            "sluice upstream --list",
            "curl -N 127.0.0.1:9101/v1/chat/completions -d '{\"model\":\"sim-60-20000-stall\",\"stream\":true}'",
            "curl 127.0.0.1:9101/stats",
        ];
        _scenario.Validators.Add(static result =>
        {
            var name = result.GetValueOrDefault<string>();
            if (name is not null && ScenarioRegistry.Find(name) is null) result.AddError($"Unknown scenario '{name}'. The scenarios are:\n{ScenarioRegistry.Listing()}");
        });
        foreach (Option option in (ReadOnlySpan<Option>)[_port, _scenario, _tokens, _interval, _firstToken, _dialect, _at, _failFirst, _seed, _percent, _stamps, _done, _list]) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_list))
        {
            await output.WriteLineAsync(ScenarioRegistry.Listing());
            return ExitCode.Done;
        }

        var options = Read(parsed);
        try
        {
            await using var server = await UpstreamServer.StartAsync(options, TimeProvider.System, cancellationToken);
            await output.WriteLineAsync($"upstream listening on {server.Address}");
            await output.FlushAsync(cancellationToken);
            await cancellationToken.UntilCancelledAsync();
            return ExitCode.Done;
        }
        catch (IOException error)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"upstream: {error.Message} Choose another --port, or 0 for a free one.");
            return ExitCode.Failed;
        }
    }

    private UpstreamOptions Read(ParseResult parsed) => new()
    {
        Port = parsed.GetValue(_port),
        Scenario = parsed.GetValue(_scenario)!,
        Tokens = parsed.GetValue(_tokens),
        Interval = TimeSpan.FromMilliseconds(parsed.GetValue(_interval)),
        FirstToken = parsed.GetValue(_firstToken) is { } first ? TimeSpan.FromMilliseconds(first) : null,
        Dialect = parsed.GetValue(_dialect) == "bella" ? UpstreamDialect.Bella : UpstreamDialect.OpenAi,
        At = parsed.GetValue(_at),
        FailFirst = parsed.GetValue(_failFirst),
        Seed = parsed.GetValue(_seed),
        Percent = parsed.GetValue(_percent),
        LatencyStamps = parsed.GetValue(_stamps),
        Done = parsed.GetValue(_done),
    };
}
