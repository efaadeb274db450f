using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class ResumeTests(BrowserFixture fixture)
{
    private const string Texts = "[...document.querySelectorAll('.answer')].at(-1).textContent";

    // A posted answer is followed again at once: too short a moment to be met by looking.
    private const string WatchCuts = """
        window.cuts = [];
        new MutationObserver(changes => {
          const turn = changes.at(-1).target;
          if (turn.dataset.state === 'reconnecting') window.cuts.push(turn.querySelector('.state').textContent);
        }).observe(document.querySelector('.turn'), { attributeFilter: ['data-state'] });
        """;

    [Theory]
    [InlineData("Short")]
    [InlineData("Long")]
    public async Task Connection_CutFiveTimes_LosesAndDoublesNothing(string length)
    {
        var upstream = await fixture.UpstreamAsync();
        var server = await fixture.ServerAsync();
        await using var proxy = new CuttingProxy(server.Address);
        await using var tab = await fixture.OpenAsync(proxy.Address);
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync(length == "Long" ? new string('a', 2000) : "Tell me a long story", "long");
        await tab.HasTextAsync("20 ");
        await tab.Page.EvaluateAsync(WatchCuts);
        for (var cut = 1; cut <= 5; cut++)
        {
            proxy.Cut();
            await tab.Page.WaitForFunctionAsync("cut => window.cuts.length >= cut", cut);
            var kept = (await tab.AnswerTextAsync()).Length;
            await tab.Page.WaitForFunctionAsync($"kept => document.querySelector('.turn').dataset.state === 'streaming' && {Texts}.length > kept", kept);
        }

        await tab.StateAsync("done");
        Assert.All(await tab.Page.EvaluateAsync<string[]>("window.cuts"), label => Assert.Contains("characters kept", label, StringComparison.Ordinal));
        await AssertExactAsync(tab, server);
        Assert.Equal(before.Requests + 1, (await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken)).Requests);
        await tab.AssertAskedOnceAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Reload_InMidAnswer_GoesOnWhereItStands(ColorScheme scheme)
    {
        var upstream = await fixture.UpstreamAsync();
        var server = await fixture.ServerAsync();
        await using var tab = await fixture.OpenAsync(server.Address, new() { ColorScheme = scheme });
        await tab.AskAsync("Before", "fast");
        await tab.StateAsync("done");
        var first = await tab.AnswerTextAsync();
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync("Tell me a story", "steady");
        await tab.HasTextAsync("50 ");
        await tab.Page.ReloadAsync();
        await tab.StateAsync("streaming");
        await tab.HasTextAsync("50 ");
        await tab.PictureAsync(Name("reloaded", scheme));

        await tab.StateAsync("done");
        await AssertExactAsync(tab, server);
        Assert.Equal("Before, Tell me a story", string.Join(", ", await tab.Page.Locator(".turn .question").AllTextContentsAsync()));
        Assert.Equal(first, await tab.Page.Locator(".turn .answer").First.TextContentAsync());
        Assert.Equal(before.Requests + 1, (await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken)).Requests);
        tab.AssertClean();
    }

    [Fact]
    public async Task Reload_AfterTheEnd_BringsTheSameBack_AndClearForgetsIt()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        await tab.AskAsync("Hold on", "cut");
        await tab.Problem.WaitForAsync();
        var answer = await tab.AnswerTextAsync();
        var problem = await tab.Problem.InnerTextAsync();

        await tab.Page.ReloadAsync();
        await tab.StateAsync("failed");
        Assert.Equal(answer, await tab.AnswerTextAsync());
        Assert.Equal(problem, await tab.Problem.InnerTextAsync());

        tab.Page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await tab.Page.Locator("#clear").ClickAsync();
        await tab.Page.Locator("#empty").WaitForAsync();
        await tab.Page.ReloadAsync();
        await tab.Page.Locator("#empty").WaitForAsync();
        Assert.Equal(0, await tab.Page.Locator(".turn").CountAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task SecondTab_OpenedBeforeOrAfter_ShowsTheSameAnswerLive()
    {
        var upstream = await fixture.UpstreamAsync();
        var server = await fixture.ServerAsync();
        await using var asking = await fixture.OpenAsync(server);
        await using var early = await asking.OpenAnotherAsync();
        var before = await UpstreamStats.QuietAsync(upstream);

        await asking.AskAsync("Tell me a story", "steady");
        await early.StateAsync("streaming");
        await asking.HasTextAsync("50 ");
        await using var late = await asking.OpenAnotherAsync();
        await late.StateAsync("streaming");
        Assert.True(await early.Page.Locator("#stop").IsVisibleAsync());

        foreach (var tab in new[] { asking, early, late })
        {
            await tab.StateAsync("done");
            await AssertExactAsync(tab, server);
            tab.AssertClean();
        }

        Assert.Equal(before.Requests + 1, (await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken)).Requests);
        Assert.Equal(0, early.Asked + late.Asked);
    }

    [Fact]
    public async Task Stop_InOneTab_EndsTheAnswerInBoth()
    {
        var upstream = await fixture.UpstreamAsync();
        await using var asking = await fixture.OpenAsync(await fixture.ServerAsync());
        await using var other = await asking.OpenAnotherAsync();
        var before = await UpstreamStats.QuietAsync(upstream);

        await asking.AskAsync("Never end", "endless");
        await other.HasTextAsync("50 ");
        await other.Page.Keyboard.PressAsync("Escape");

        await other.StateAsync("stopped");
        await asking.StateAsync("stopped");
        Assert.Equal("Stopped by you", await other.Turn.Locator(".state").TextContentAsync());
        Assert.Equal("Cancelled", await asking.Turn.Locator(".state").TextContentAsync());
        Assert.Equal(await asking.AnswerTextAsync(), await other.AnswerTextAsync());
        await Eventually.IsAsync(token => UpstreamStats.ReadAsync(upstream, token), stats => stats.Active == 0 && stats.Aborted == before.Aborted + 1);
        await asking.AssertAskedOnceAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task ServerRestarted_TheStreamIsLost_TextIsKept(ColorScheme scheme)
    {
        await using var server = await fixture.NewServerAsync();
        await using var tab = await fixture.OpenAsync(server.Address, new() { ColorScheme = scheme });

        await tab.AskAsync("Never end", "endless");
        await tab.HasTextAsync("50 ");
        await server.KillAsync();
        await tab.StateAsync("reconnecting");
        await tab.PictureAsync(Name("reconnecting", scheme));
        var kept = await tab.AnswerTextAsync();
        await using var anew = await fixture.NewServerAsync(server.Address);

        await tab.StateAsync("lost");
        Assert.Equal("stream_lost", await tab.Problem.Locator(".code").TextContentAsync());
        Assert.Contains("no longer knows", await tab.Problem.Locator(".message").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(kept, await tab.AnswerTextAsync());
        await tab.AssertAskedOnceAsync();
        await tab.PictureAsync(Name("stream-lost", scheme));
    }

    [Fact]
    public async Task ResetAndSnapshot_VoidAndReplaceTheText_RepeatedEventsCountOnce()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        await tab.Page.RouteAsync("**/ask/stream?*", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = """
                id: st_x.1
                data: {"type":"start","stream_id":"st_x","model":"fast","question":"Q"}

                id: st_x.2
                data: {"type":"delta","content":"void"}

                id: st_x.3
                data: {"type":"reset","reason":"failover"}

                id: st_x.7
                data: {"type":"snapshot","seq":7,"model":"fast","question":"Q","text":"one ","reasoning":"","tool_calls":[]}

                id: st_x.8
                data: {"type":"delta","content":"two"}

                id: st_x.8
                data: {"type":"delta","content":"two"}

                id: st_x.9
                data: {"type":"end","answer":"one two","finish_reason":"stop","usage":null,"model":"fast","ttft_ms":1,"attempts":2}


                """.ReplaceLineEndings("\n"),
        }));
        await tab.Page.EvaluateAsync("""
            window.shown = [];
            new MutationObserver(() => window.shown.push(document.querySelector('.answer')?.textContent)).observe(document.getElementById('transcript'), { subtree: true, childList: true, characterData: true });
            """);

        await tab.AskAsync("Q");
        await tab.StateAsync("done");

        Assert.Equal("one two", await tab.AnswerTextAsync());
        Assert.DoesNotContain(await tab.Page.EvaluateAsync<string[]>("window.shown"), text => text.Contains("twotwo", StringComparison.Ordinal));
        Assert.True(await tab.Turn.Locator(".note").IsVisibleAsync());
    }

    private static string Name(string what, ColorScheme scheme) => $"{what}-{scheme.ToString().ToLower(CultureInfo.InvariantCulture)}";

    // Against the last event, and against what the server itself keeps.
    private static async Task AssertExactAsync(ChatTab tab, ServerProcess server)
    {
        var text = await tab.AnswerTextAsync();
        Assert.Equal((await tab.TerminalAsync())!.Value.GetProperty("answer").GetString(), text);
        using var http = new HttpClient();
        var id = await tab.Page.EvaluateAsync<string>("Object.keys(localStorage).sort().map(key => JSON.parse(localStorage.getItem(key))).at(-1).stream");
        var json = await http.GetStringAsync(new Uri(server.Address, $"/v1/streams/{id}"), TestContext.Current.CancellationToken);
        Assert.Equal(JsonDocument.Parse(json).RootElement.GetProperty("text").GetString(), text);
    }
}
