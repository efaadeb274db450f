using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Commands;

/// <summary>How the server ends.</summary>
[Collection(nameof(AloneTests))]
public sealed class StoppingTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_RunningAnswersFinish_ThenExit0(string signal)
    {
        // A job in the background of a script is started with SIGINT ignored, and hands that down to every process that it starts.
        Assert.SkipWhen(signal == "INT" && await IsInterruptIgnoredAsync(), "SIGINT is ignored here: the tests run in the background of a shell.");
        await using var gateway = await Gateway.StartAsync();
        using var openAi = await BegunAsync(gateway, Asking.OpenAi(gateway.Server.Address, "up/sim-60-30000"));
        using var native = await BegunAsync(gateway, Asking.Ask(gateway.Server.Address, "up/sim-60-30000"));

        await gateway.Server.SignalAsync(signal);

        await Eventually.IsAsync(cancel => StatusAsync(gateway, "/readyz", cancel), status => status == 503);
        using (var late = await Asking.SendAsync(Asking.OpenAi(gateway.Server.Address, "up/sim-5-0")))
        {
            Assert.Equal(503, (int)late.StatusCode);
            Assert.NotNull(late.Headers.RetryAfter);
        }

        // A question over GET may come from an EventSource, which any status but 200 would stop for ever.
        var source = await Asking.EventsAsync(Asking.Ask(gateway.Server.Address, "up/sim-5-0"));
        Assert.Empty(source.Data);
        Assert.InRange(Assert.Single(source.Retry), 1000, 3000);

        var answers = await Task.WhenAll(EventBody.ReadAsync(openAi), EventBody.ReadAsync(native));
        Assert.Empty(answers[1].Retry);
        Assert.Equal("[DONE]", answers[0].Data[^1]);
        Assert.Equal("end", answers[1].Types.Last());
        Assert.False(answers[0].IsCut || answers[1].IsCut);
        Assert.Equal(0, await gateway.Server.ExitAsync());
    }

    [Fact]
    public async Task Sigterm_AnswersThatOutliveTheGrace_GetATruthfulEnd_ThenExit0()
    {
        await using var gateway = await Gateway.StartAsync(("Sluice__Shutdown__Grace", "00:00:01"));
        using var openAi = await BegunAsync(gateway, Asking.OpenAi(gateway.Server.Address, "up/sim-100000-20000"));
        using var native = await BegunAsync(gateway, Asking.Ask(gateway.Server.Address, "up/sim-60-0-stall"));

        await gateway.Server.SignalAsync("TERM");

        var answers = await Task.WhenAll(EventBody.ReadAsync(openAi), EventBody.ReadAsync(native));
        Assert.Equal("server_stopping", answers[0].Json[^1].GetProperty("error").GetProperty("code").GetString());
        Assert.True(answers[0].IsCut);
        Assert.Equal(["error"], answers[1].Types.Where(type => type is "end" or "error" or "cancelled"));
        Assert.Equal("server_stopping", answers[1].Json[^1].GetProperty("code").GetString());
        Assert.Equal(answers[1].Text, answers[1].Json[^1].GetProperty("answer").GetString());

        // Who watches is told when to come back; OpenAI's clients know no such line.
        Assert.InRange(Assert.Single(answers[1].Retry), 1000, 3000);
        Assert.Empty(answers[0].Retry);
        Assert.Equal(0, await gateway.Server.ExitAsync());
        Assert.DoesNotContain("Exception", gateway.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_AnAnswerInOnePieceOutlivesTheGrace_Is503_ThenExit0()
    {
        await using var gateway = await Gateway.StartAsync(("Sluice__Shutdown__Grace", "00:00:01"));
        var asking = Asking.SendAsync(Asking.OpenAi(gateway.Server.Address, "up/sim-60-0-hang", ""));
        await Eventually.IsAsync(cancel => UpstreamStats.ReadAsync(gateway.Upstream, cancel), stats => stats.Active == 1);

        await gateway.Server.SignalAsync("TERM");

        using var answer = await asking;
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(0, await gateway.Server.ExitAsync());
    }

    [Fact]
    public async Task Sigterm_NothingRuns_ExitsAtOnce()
    {
        await using var server = await ServerProcess.ServeAsync();

        Assert.Equal(0, await server.TerminateAsync());
    }

    [Fact]
    public async Task PortInUse_SaysSo_Exit1()
    {
        await using var server = await ServerProcess.ServeAsync();

        var second = await CommandRun.SluiceAsync(["serve", "--urls", server.Address.ToString()]);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("address already in use", second.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--urls", second.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Error + second.Output, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> BegunAsync(Gateway gateway, HttpRequestMessage request)
    {
        var before = await UpstreamStats.ReadAsync(gateway.Upstream, TestContext.Current.CancellationToken);
        var response = await Asking.SendAsync(request);
        await Eventually.IsAsync(cancel => UpstreamStats.ReadAsync(gateway.Upstream, cancel), stats => stats.Requests > before.Requests);
        return response;
    }

    // proc(5): a mask of the signals that are ignored; bit 1 is SIGINT.
    private static async Task<bool> IsInterruptIgnoredAsync()
    {
        const string Name = "SigIgn:";
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var lines = await File.ReadAllLinesAsync("/proc/self/status", TestContext.Current.CancellationToken);
        return (Convert.ToUInt64(lines.First(line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..].Trim(), 16) & 2) != 0;
    }

    private static async Task<int> StatusAsync(Gateway gateway, string path, CancellationToken cancellationToken)
    {
        using var response = await Asking.Client.GetAsync(new Uri(gateway.Server.Address, path), cancellationToken);
        return (int)response.StatusCode;
    }
}
