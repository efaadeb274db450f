using Microsoft.Playwright;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class ComposerTests(BrowserFixture fixture)
{
    [Fact]
    public async Task ShiftEnter_BreaksTheLine_EnterSends()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.Composer.FillAsync("One");
        await tab.Composer.PressAsync("Shift+Enter");
        await tab.Page.Keyboard.TypeAsync("Two");
        Assert.Equal("One\nTwo", await tab.Composer.InputValueAsync());
        await tab.Composer.PressAsync("Enter");
        await tab.StateAsync("done");

        Assert.Equal("One\nTwo", await tab.Turn.Locator(".question").TextContentAsync());
        Assert.Equal("", await tab.Composer.InputValueAsync());
        Assert.True(await tab.Composer.EvaluateAsync<bool>("box => box === document.activeElement"));
    }

    [Fact]
    public async Task Enter_WithinAnInputMethod_DoesNotSend()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.Composer.FillAsync("nihao");
        await tab.Composer.EvaluateAsync("box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))");

        Assert.Equal("nihao", await tab.Composer.InputValueAsync());
        Assert.Equal(0, tab.Asked);
    }

    [Fact]
    public async Task Enter_WhileAnAnswerRuns_KeepsWhatWasTyped()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Never end", "endless");
        await tab.StateAsync("streaming");
        await tab.Composer.FillAsync("Next");
        await tab.Composer.PressAsync("Enter");

        Assert.Equal("Next", await tab.Composer.InputValueAsync());
        Assert.Contains("still running", await tab.Page.Locator("#hint").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(1, tab.Asked);
    }

    [Fact]
    public async Task Up_InAnEmptyComposer_EditsTheLastQuestion_AndTheOldOneStaysABranch()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Again, please");
        await tab.StateAsync("done");
        await tab.Composer.PressAsync("ArrowUp");
        var editor = tab.Page.GetByLabel("Edited question");
        Assert.Equal("Again, please", await editor.InputValueAsync());
        await editor.FillAsync("Something else");
        await editor.PressAsync("Enter");
        await tab.Turn.Locator(".question", new() { HasText = "Something else" }).WaitForAsync();
        await tab.StateAsync("done");

        Assert.Equal(1, await tab.Page.Locator(".turn").CountAsync());
        Assert.Equal("2/2", await tab.Turn.Locator(".turn-question .branch").TextContentAsync());
        await tab.Page.RunAndWaitForResponseAsync(
            () => tab.Turn.GetByRole(AriaRole.Button, new() { Name = "Previous version" }).ClickAsync(), response => response.Request.Method == "PATCH" && response.Ok);
        await tab.Turn.Locator(".question", new() { HasText = "Again, please" }).WaitForAsync();
        await tab.Page.ReloadAsync();
        await tab.Turn.Locator(".question", new() { HasText = "Again, please" }).WaitForAsync();
        Assert.Equal("1/2", await tab.Turn.Locator(".turn-question .branch").TextContentAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task Draft_OutlivesAReload_AndOtherConversations()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("First");
        await tab.StateAsync("done");
        await tab.Composer.FillAsync("Half a thought");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "New chat" }).First.ClickAsync();
        Assert.Equal("", await tab.Composer.InputValueAsync());
        await tab.Page.Locator(".row-link").ClickAsync();
        await tab.StateAsync("done");
        Assert.Equal("Half a thought", await tab.Composer.InputValueAsync());
        await tab.Page.ReloadAsync();
        await tab.StateAsync("done");
        Assert.Equal("Half a thought", await tab.Composer.InputValueAsync());
    }

    [Fact]
    public async Task Models_SeveralOfThem_CanBePicked_OneIsNotAsked()
    {
        await using var several = await fixture.OpenAsync(await fixture.ServerAsync());
        await using var one = await fixture.OpenAsync(await fixture.GuideAsync());

        Assert.True(await several.Page.GetByLabel("Model").IsVisibleAsync());
        Assert.Equal("fast", await several.Page.GetByLabel("Model").InputValueAsync());
        Assert.False(await one.Page.Locator("#model").IsVisibleAsync());
    }
}
