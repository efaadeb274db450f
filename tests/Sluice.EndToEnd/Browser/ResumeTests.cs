using System.Globalization;
using Microsoft.Playwright;
using Sluice.EndToEnd.Processes;
using Sluice.Server.Upstream.Answers;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class ResumeTests(BrowserFixture fixture)
{
    // A connection may be made again sooner than a look from here would see that it is gone.
    private const string WatchCuts = """
        window.cuts = [];
        new MutationObserver(() => {
          const state = document.querySelector('.turn .state')?.textContent ?? '';
          if (state.startsWith('Reconnecting') && window.cuts.at(-1) !== state) window.cuts.push(state);
        }).observe(document.getElementById('transcript'), { subtree: true, childList: true, characterData: true });
        """;

    [Fact]
    public async Task Connection_CutFiveTimes_LosesAndDoublesNothing_AndSaysSo()
    {
        var upstream = await fixture.UpstreamAsync();
        var server = await fixture.ServerAsync();
        await using var proxy = new CuttingProxy(server.Address);
        await using var tab = await fixture.OpenAsync(proxy.Address);
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync("Tell me a long story", "long");
        await tab.HasTextAsync("20 ");
        await tab.Page.EvaluateAsync(WatchCuts);
        for (var cut = 1; cut <= 5; cut++)
        {
            proxy.Cut();
            await tab.Page.WaitForFunctionAsync("cut => window.cuts.length >= cut", cut);
            var kept = (await tab.AnswerTextAsync()).Length;
            await tab.Page.WaitForFunctionAsync("kept => document.querySelector('.turn').dataset.state === 'streaming' && document.querySelector('.answer').textContent.length > kept", kept);
        }

        await tab.StateAsync("done");
        Assert.All(await tab.Page.EvaluateAsync<string[]>("window.cuts"), label => Assert.Contains("characters kept", label, StringComparison.Ordinal));
        Assert.Equal("The connection broke 5 times; nothing is lost", await tab.Turn.Locator(".mended").TextContentAsync());
        await AssertExactAsync(tab, 2400);
        Assert.Equal(before.Requests + 1, (await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken)).Requests);
        Assert.Equal(1, tab.Asked);
    }

    [Fact]
    public async Task Demonstration_DropsTheConnection_AndNothingIsLost()
    {
        var server = await fixture.ServerAsync();
        await using var tab = await fixture.OpenAsync(server);
        await tab.AskAsync("Tell me a story", "steady");
        await tab.HasTextAsync("20 ");
        await tab.Page.EvaluateAsync(WatchCuts);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).ClickAsync();
        await tab.PictureAsync("demonstration");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Drop the connection" }).ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => window.cuts.length > 0");
        await tab.StateAsync("done");

        Assert.Contains("nothing is lost", await tab.Turn.Locator(".mended").TextContentAsync(), StringComparison.Ordinal);
        await AssertExactAsync(tab, 800);
        Assert.Equal(1, tab.Asked);
        tab.AssertClean();
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
        var first = await tab.AnswerHtmlAsync();
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync("Tell me a story", "steady");
        await tab.HasTextAsync("50 ");
        await tab.Page.ReloadAsync();
        await tab.StateAsync("streaming");
        await tab.HasTextAsync("50 ");
        await tab.PictureAsync(Name("reloaded", scheme));

        await tab.StateAsync("done");
        await AssertExactAsync(tab, 800);
        Assert.Equal("Before, Tell me a story", string.Join(", ", await tab.Page.Locator(".turn .question").AllTextContentsAsync()));
        Assert.Equal(first, await tab.Page.Locator(".turn .answer").First.InnerHTMLAsync());
        Assert.Equal(before.Requests + 1, (await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken)).Requests);
        tab.AssertClean();
    }

    [Fact]
    public async Task SecondTab_OpenedBeforeOrAfter_ShowsTheSameAnswerLive()
    {
        var upstream = await fixture.UpstreamAsync();
        var server = await fixture.ServerAsync();
        await using var asking = await fixture.OpenAsync(server);
        await asking.AskAsync("Before", "fast");
        await asking.StateAsync("done");
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
            await AssertExactAsync(tab, 800);
            tab.AssertClean();
        }

        Assert.Equal(before.Requests + 1, (await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken)).Requests);
        Assert.Equal(0, early.Asked + late.Asked);
    }

    [Fact]
    public async Task Conversations_SwitchedInMidAnswer_BothGoOn()
    {
        var server = await fixture.ServerAsync();
        await using var tab = await fixture.OpenAsync(server);
        await tab.AskAsync("The first story", "steady");
        await tab.HasTextAsync("20 ");
        var first = tab.ConversationId;
        await tab.Page.Keyboard.PressAsync("Control+Shift+O");
        await tab.Page.Locator("#empty").WaitForAsync();
        await tab.AskAsync("The second story", "steady");
        await tab.HasTextAsync("20 ");
        Assert.Equal(2, await tab.Page.Locator(".row-link .dot").CountAsync());
        await tab.PictureAsync("two-at-once");

        await tab.Page.Locator(".row-link", new() { HasText = "The first story" }).ClickAsync();
        await tab.StateAsync("done");
        Assert.Equal(first, tab.ConversationId);
        await AssertExactAsync(tab, 800);
        await tab.Page.Locator(".row-link", new() { HasText = "The second story" }).ClickAsync();
        await tab.Page.Locator(".turn .question", new() { HasText = "The second story" }).WaitForAsync();
        await tab.StateAsync("done");
        Assert.Equal(Text(800), (await tab.StoredAsync()).GetProperty("content").GetString());
        Assert.Equal(2, tab.Asked);
        tab.AssertClean();
    }

    [Fact]
    public async Task Stop_InOneTab_EndsTheAnswerInBoth()
    {
        var upstream = await fixture.UpstreamAsync();
        await using var asking = await fixture.OpenAsync(await fixture.ServerAsync());
        var before = await UpstreamStats.QuietAsync(upstream);

        await asking.AskAsync("Never end", "endless");
        await asking.HasTextAsync("20 ");
        await using var other = await asking.OpenAnotherAsync();
        await other.HasTextAsync("50 ");
        await other.Page.Keyboard.PressAsync("Escape");

        await other.StateAsync("cancelled");
        await asking.StateAsync("cancelled");
        Assert.Equal("Stopped by you", await other.Turn.Locator(".state").TextContentAsync());
        Assert.Equal("Stopped", await asking.Turn.Locator(".state").TextContentAsync());
        Assert.Equal(await asking.AnswerHtmlAsync(), await other.AnswerHtmlAsync());
        await Eventually.IsAsync(token => UpstreamStats.ReadAsync(upstream, token), stats => stats.Active == 0 && stats.Aborted == before.Aborted + 1);
        Assert.Equal(1, asking.Asked + other.Asked);
    }

    [Fact]
    public async Task ServerRestarted_WithinTheGrace_TheAnswerIsWhole()
    {
        var database = fixture.NewDatabase();
        await using var server = await fixture.NewServerAsync(more: database);
        await using var tab = await fixture.OpenAsync(server.Address);

        await tab.AskAsync("Tell me a story", "steady");
        await tab.HasTextAsync("50 ");
        await server.SignalAsync("TERM");
        await tab.StateAsync("done");
        Assert.Equal(Text(800), await tab.HeardAsync());
        Assert.Equal(0, await server.ExitAsync());

        await using var anew = await fixture.NewServerAsync(server.Address, database);
        await tab.Page.ReloadAsync();
        await tab.StateAsync("done");
        await tab.HasTextAsync("799");
        Assert.Equal(Text(800), (await tab.StoredAsync()).GetProperty("content").GetString());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task ServerKilled_AndStartedAnew_SaysThatTheAnswerIsIncomplete(ColorScheme scheme)
    {
        var database = fixture.NewDatabase();
        await using var server = await fixture.NewServerAsync(more: database);
        await using var tab = await fixture.OpenAsync(server.Address, new() { ColorScheme = scheme });

        await tab.AskAsync("Never end", "endless");
        await tab.HasTextAsync("50 ");
        await Eventually.IsAsync(async _ => (await tab.StoredAsync()).GetProperty("content").GetString()!, kept => kept.Contains("50 ", StringComparison.Ordinal));
        await server.KillAsync();
        await tab.StateAsync("reconnecting");
        var seen = (await tab.AnswerTextAsync()).Length;
        await tab.PictureAsync(Name("reconnecting", scheme));
        await using var anew = await fixture.NewServerAsync(server.Address, database);

        await tab.StateAsync("failed");
        Assert.Equal("The answer is incomplete", await tab.Problem.Locator(".what").TextContentAsync());
        Assert.Equal("interrupted", await tab.Problem.Locator(".code").TextContentAsync());
        var stored = await tab.StoredAsync();
        Assert.Equal(("failed", true), (stored.GetProperty("state").GetString(), stored.GetProperty("partial").GetBoolean()));
        Assert.StartsWith(stored.GetProperty("content").GetString()!, Text(100_000), StringComparison.Ordinal);
        Assert.Equal(1, tab.Asked);
        await tab.PictureAsync(Name("interrupted", scheme));

        // What had arrived here stays; what the server had stored comes back.
        Assert.InRange((await tab.AnswerTextAsync()).Length, seen - 1, int.MaxValue);
        await tab.Page.ReloadAsync();
        await tab.StateAsync("failed");
        await tab.HasTextAsync("50 ");
        Assert.Equal("The answer is incomplete", await tab.Problem.Locator(".what").TextContentAsync());
    }

    [Fact]
    public async Task ResetAndSnapshot_VoidAndReplaceTheText_RepeatedEventsCountOnce()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        await tab.Page.RouteAsync("**/ask/stream", route => route.FulfillAsync(new()
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

        Assert.Equal("one two", (await tab.AnswerTextAsync()).Trim());
        Assert.DoesNotContain(await tab.Page.EvaluateAsync<string[]>("window.shown"), text => text?.Contains("twotwo", StringComparison.Ordinal) == true);
        Assert.True(await tab.Note.IsVisibleAsync());
    }

    private static string Name(string what, ColorScheme scheme) => $"{what}-{scheme.ToString().ToLower(CultureInfo.InvariantCulture)}";

    // What the page holds, what the server keeps, and what the model said.
    private static async Task AssertExactAsync(ChatTab tab, int tokens)
    {
        var expected = Text(tokens);
        Assert.Equal(expected, (await tab.StoredAsync()).GetProperty("content").GetString());
        Assert.Equal(expected, await tab.HeardAsync());
    }

    // The scripted upstream's answer: see `sluice upstream`.
    private static string Text(int tokens) => ScriptedAnswer.Text(tokens);
}
