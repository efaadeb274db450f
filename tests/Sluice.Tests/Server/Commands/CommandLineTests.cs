using Sluice.Server.Commands;
using Sluice.Tests.Server.Upstream;

namespace Sluice.Tests.Server.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private string[]? _served;
    private AskArguments? _asked;

    [Theory]
    [InlineData("nonsense")]
    [InlineData("upstream --scenario nope")]
    [InlineData("upstream --port 70000")]
    [InlineData("upstream --port abc")]
    [InlineData("upstream --tokens -1")]
    [InlineData("upstream --interval x")]
    [InlineData("upstream --dialect french")]
    [InlineData("upstream --nonsense")]
    [InlineData("load")]
    [InlineData("load --url foo")]
    [InlineData("load --url ftp://h")]
    [InlineData("load --url http://127.0.0.1:9 --streams 0")]
    [InlineData("load --url http://127.0.0.1:9 --pid x")]
    [InlineData("load --url http://127.0.0.1:9 --header nocolon")]
    [InlineData("load --url http://127.0.0.1:9 --dialect french")]
    [InlineData("faults --only s17")]
    [InlineData("faults --dialect french")]
    [InlineData("faults --random 0")]
    [InlineData("ask")]
    [InlineData("ask q --url x")]
    [InlineData("ask two words")]
    public async Task Run_WrongUsage_Is2AndPointsToTheHelp(string line)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(line.Split(' ')));
        Assert.Contains("--help", _error.ToString(), StringComparison.Ordinal);
        Assert.Null(_served);
    }

    [Fact]
    public async Task Run_UnknownScenario_ListsThem()
    {
        await RunAsync("upstream", "--scenario", "nope");
        Assert.Contains("headers-then-hang", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("serve", "")]
    [InlineData("--urls http://127.0.0.1:0 --Sluice:DefaultModel=x", "--urls http://127.0.0.1:0 --Sluice:DefaultModel=x")]
    [InlineData("serve --config f.json --Sluice:KeepAlive=00:00:10", "--config f.json --Sluice:KeepAlive=00:00:10")]
    public async Task Run_NoCommandOrServe_PassesItsArgumentsOn(string line, string served)
    {
        Assert.Equal(0, await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(served, string.Join(' ', _served!));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve --help")]
    [InlineData("ask --help")]
    [InlineData("upstream --help")]
    [InlineData("load --help")]
    [InlineData("load -h")]
    [InlineData("faults --help")]
    public async Task Run_Help_ShowsExamples(string line)
    {
        Assert.Equal(ExitCode.Done, await RunAsync(line.Split(' ')));
        Assert.Contains("Examples:", _output.ToString(), StringComparison.Ordinal);
        Assert.Null(_served);
    }

    [Fact]
    public async Task Run_UpstreamList_ShowsScenarios()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("upstream", "--list"));
        Assert.Contains("cut-clean", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneFault_ShowsAndSavesWhatCameOfIt()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal(ExitCode.Done, await RunAsync("faults", "--only", "s12", "--dialect", "openai", "--markdown", file));
            Assert.Contains("1 with the whole answer or the right refusal", _output.ToString(), StringComparison.Ordinal);
            Assert.Contains("| S12 | 400, context length | refusal passed on: context_length_exceeded |", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Run_UpstreamOnATakenPort_Is1()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        Assert.Equal(ExitCode.Failed, await RunAsync("upstream", "--port", $"{upstream.Address.Port}"));
        Assert.Contains("--port", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AskWithoutUrl_GoesInProcess()
    {
        Assert.Equal(7, await RunAsync("ask", "Why?", "--model", "m", "--config", "f.json"));
        Assert.Equal(("Why?", "m", "f.json"), (_asked!.Question, _asked.Model, _asked.ConfigFile));
    }

    [Fact]
    public async Task Run_AskWithUrl_PrintsTheAnswer()
    {
        await using var site = await ScriptedSite.EventsAsync("""{"type":"delta","content":"Because."}""", """{"type":"end","answer":"Because."}""");
        Assert.Equal(ExitCode.Done, await RunAsync("ask", "Why & how?", "-m", "m", "--url", site.Address.ToString()));
        Assert.Equal("Because.\n", _output.ToString());
        Assert.Equal(("GET", "/ask/stream?prompt=Why%20%26%20how%3F&model=m", "cancel"), (site.Last.Method, site.Last.Target, site.Last.OnDisconnect));
    }

    [Fact]
    public async Task Run_AskWithALongQuestion_PostsIt()
    {
        await using var site = await ScriptedSite.EventsAsync("""{"type":"end","answer":""}""");
        var question = new string('q', 3000);
        Assert.Equal(ExitCode.Done, await RunAsync("ask", question, "--url", site.Address.ToString()));
        Assert.Equal(("POST", "/ask/stream", $$"""{"prompt":"{{question}}"}"""), (site.Last.Method, site.Last.Target, site.Last.Body));
    }

    [Fact]
    public async Task Run_AskRefused_SaysWhy()
    {
        await using var site = await ScriptedSite.StartAsync(404, "application/json", """{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found","param":"model"}}""");
        Assert.Equal(ExitCode.Failed, await RunAsync("ask", "Why?", "--url", site.Address.ToString()));
        Assert.Contains("model_not_found: no such model", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AskServerIsBusy_SaysWhenToComeBack()
    {
        await using var site = await ScriptedSite.StartAsync(200, "text/event-stream", "retry: 2500\n\n");
        Assert.Equal(ExitCode.Failed, await RunAsync("ask", "Why?", "--url", site.Address.ToString()));
        Assert.Contains("busy: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("2.5 s", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LoadWithFailures_Is1AndStillReports()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        Assert.Equal(ExitCode.Failed, await RunAsync("load", "--url", upstream.Address.ToString(), "--model", "sim-3-0-503", "-n", "2", "--json", "-"));
        Assert.Contains("\"http 503\": 2", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Load_ShowsATable()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        Assert.Equal(ExitCode.Done, await RunAsync("load", "--url", upstream.Address.ToString(), "--model", "lat-3-0", "-n", "2", "--pid", $"{Environment.ProcessId}"));
        Assert.Contains("first token", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("delivery", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("CPU us/token", _output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(
        args,
        (served, _) =>
        {
            _served = served;
            return Task.FromResult(0);
        },
        (asked, _) =>
        {
            _asked = asked;
            return Task.FromResult(7);
        },
        _output,
        _error,
        TestContext.Current.CancellationToken);
}
