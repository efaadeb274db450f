using Sluice.Server.Commands;
using Sluice.Tests.Providers;

namespace Sluice.Tests.Server.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

    [Fact]
    public async Task Check_GoodFile_SaysWhatTheServerWouldDo()
    {
        await WriteAsync("""{"Sluice":{"DefaultModel":"chat","Providers":{"one":{"BaseUrl":"http://127.0.0.1:1/v1","ApiKey":"sk-secret"}},"Models":{"chat":{"Targets":[{"Provider":"one","Model":"m"}]}}}}""");

        Assert.Equal(ExitCode.Done, await RunAsync("check", "--config", _file));

        var said = _output.ToString();
        Assert.Contains("The configuration is right.", said, StringComparison.Ordinal);
        Assert.Contains(_file, said, StringComparison.Ordinal);
        Assert.Contains("chat -> one/m", said, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ManyErrors_TellsThemAllAndNoKey()
    {
        await WriteAsync("""{"Sluice":{"KeepAlive":"00:59:00","Providers":{"one":{"Type":"opnai","ApiKey":"sk secret"}},"Models":{"chat":{"Targets":[{"Provider":"two"}]},"c":{"Targets":{"first":{"Provider":"one"}}}}}}""");

        Assert.Equal(ExitCode.Usage, await RunAsync("check", "--config", _file));

        var said = _error.ToString();
        Assert.Equal("", _output.ToString());
        foreach (var wrong in (string[])["Sluice:KeepAlive", "Sluice:Providers:one:Type", "Sluice:Providers:one:ApiKey", "Sluice:Models:chat:Targets:0:Provider", "Sluice:Models:c:Targets:first"])
        {
            Assert.Contains($"- {wrong} ", said, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("sk secret", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData(null, "there is no file")]
    public async Task Check_NoSuchFileOrNoJson_IsUsage(string? content, string said)
    {
        if (content is not null)
        {
            await WriteAsync(content);
        }

        Assert.Equal(ExitCode.Usage, await RunAsync("check", "--config", _file));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConnect_OneProviderAnswersAndOneDoesNot_SaysWhich()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n{\"data\":[{\"id\":\"large\"},{\"id\":\"small\"}]}\n");
        });
        await WriteAsync($$$"""{"Sluice":{"Providers":{"up":{"BaseUrl":"http://127.0.0.1:{{{upstream.Port}}}/v1"},"down":{"BaseUrl":"http://127.0.0.1:1/v1"} } } }""");

        Assert.Equal(ExitCode.Failed, await RunAsync("check", "--config", _file, "--connect"));

        var said = _output.ToString();
        Assert.Contains("up: answers, 2 models (large, small)", said, StringComparison.Ordinal);
        Assert.Contains("down: upstream_unreachable", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("check --nonsense")]
    [InlineData("schema now")]
    public async Task Run_WrongUsage_PointsToTheHelpOfTheCommandItself(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCode.Usage, await RunAsync(words));
        Assert.Contains($"Try: sluice {string.Join(' ', words.Take(1).Prepend("config"))} --help", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_IsTheFileInTheRepository()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("schema"));
        Assert.True(Support.Repository.Read("docs/sluice.schema.json") == _output.ToString(), "docs/sluice.schema.json is old. Make it anew: make schema");
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        File.Delete(_file);
    }

    private Task WriteAsync(string json) => File.WriteAllTextAsync(_file, json, TestContext.Current.CancellationToken);

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(
        ["config", .. args], static (_, _) => throw new InvalidOperationException(), static (_, _) => throw new InvalidOperationException(), _output, _error, TestContext.Current.CancellationToken);
}
