using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class AnswerTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Ask_ShowsTheWholeAnswerOnce_AndKeepsIt()
    {
        var upstream = await fixture.UpstreamAsync();
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync("Tell me a story");
        await tab.StateAsync("done");

        Assert.Equal((await tab.StoredAsync()).GetProperty("content").GetString(), await tab.HeardAsync());
        Assert.Contains("300 tokens", await tab.Turn.Locator(".figures").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("Tell me a story", await tab.Turn.Locator(".question").TextContentAsync());
        Assert.Equal("Tell me a story", await tab.Page.Locator(".row-title").TextContentAsync());
        Assert.Equal(1, tab.Asked);
        var after = await UpstreamStats.ReadAsync(upstream, TestContext.Current.CancellationToken);
        Assert.Equal(before.Requests + 1, after.Requests);

        var html = await tab.AnswerHtmlAsync();
        await tab.Page.ReloadAsync();
        await tab.StateAsync("done");
        await tab.HasTextAsync("299");
        Assert.Equal(html, await tab.AnswerHtmlAsync());
        Assert.Contains("tokens/s", await tab.Turn.Locator(".figures").TextContentAsync(), StringComparison.Ordinal);
        tab.AssertClean();
    }

    [Fact]
    public async Task Ask_ExampleOfTheGuide_IsAnsweredWithCodeInBlocks()
    {
        await using var tab = await fixture.OpenAsync(await fixture.GuideAsync());

        await tab.Page.Locator(".examples button").First.ClickAsync();
        await tab.StateAsync("done");

        Assert.Equal((await tab.StoredAsync()).GetProperty("content").GetString(), await tab.HeardAsync());
        Assert.Contains("BELLA_API_KEY", await tab.Answer.Locator("pre").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("```", await tab.Answer.InnerTextAsync(), StringComparison.Ordinal);
        await tab.PictureAsync("guide");
        tab.AssertClean();
    }

    [Fact]
    public async Task Ask_ModelThatReasons_ShowsReasoningApart()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Think first", "thinker");
        await tab.StateAsync("done");

        var reasoning = tab.Turn.Locator(".reasoning");
        Assert.True(await reasoning.IsVisibleAsync());
        await reasoning.Locator("summary").ClickAsync();
        Assert.NotEqual("", await reasoning.Locator(".text").TextContentAsync());
        Assert.Equal((await tab.StoredAsync()).GetProperty("content").GetString(), await tab.HeardAsync());
        tab.AssertClean();
    }

    [Theory]
    [InlineData("Escape")]
    [InlineData("button")]
    public async Task Stop_WhileStreaming_KeepsTheTextAndFreesTheUpstream(string way)
    {
        var upstream = await fixture.UpstreamAsync();
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync("Never end", "endless");
        await tab.HasTextAsync("50 ");
        await tab.PictureAsync("streaming");
        await (way == "button" ? tab.Page.Locator("#stop").ClickAsync() : tab.Page.Keyboard.PressAsync(way));

        await tab.StateAsync("cancelled");
        Assert.Equal("Stopped by you", await tab.Turn.Locator(".state").TextContentAsync());
        Assert.Contains("50 ", await tab.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1, tab.Asked);
        await Eventually.IsAsync(token => UpstreamStats.ReadAsync(upstream, token), stats => stats.Active == 0 && stats.Aborted == before.Aborted + 1);
        tab.AssertClean();
    }

    [Fact]
    public async Task Stop_WhileTheModelIsSilent_FreesTheUpstream()
    {
        var upstream = await fixture.UpstreamAsync();
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        var before = await UpstreamStats.QuietAsync(upstream);

        await tab.AskAsync("Are you there?", "silent");
        await tab.StateAsync("waiting");
        await Eventually.IsAsync(token => UpstreamStats.ReadAsync(upstream, token), stats => stats.Active == 1);
        await tab.Page.Keyboard.PressAsync("Escape");

        await tab.StateAsync("cancelled");
        await Eventually.IsAsync(token => UpstreamStats.ReadAsync(upstream, token), stats => stats.Active == 0 && stats.Aborted == before.Aborted + 1);
        tab.AssertClean();
    }

    [Fact]
    public async Task Ask_Twice_ShowsOneBelowTheOther()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("First");
        await tab.StateAsync("done");
        await tab.AskAsync("Second");
        await tab.StateAsync("done");

        Assert.Equal("First, Second", string.Join(", ", await tab.Page.Locator(".turn .question").AllTextContentsAsync()));
        Assert.Equal(2, tab.Asked);
    }
}
