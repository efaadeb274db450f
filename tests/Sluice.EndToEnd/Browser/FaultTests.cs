using Microsoft.Playwright;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class FaultTests(BrowserFixture fixture)
{
    [Fact]
    public async Task UpstreamError_SaysWhat_AndRetryAsksTheSameQuestionInItsPlace()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Will you answer?", "broken");
        await tab.Problem.WaitForAsync();

        Assert.Equal("The server had an error while processing your request", await tab.Problem.Locator(".message").TextContentAsync());
        Assert.Equal("upstream_error", await tab.Problem.Locator(".code").TextContentAsync());
        await tab.AssertAskedOnceAsync();
        await tab.PictureAsync("error");

        await tab.Page.SelectOptionAsync("#model", "fast");
        await tab.Problem.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await tab.StateAsync("done");

        Assert.Equal(1, await tab.Page.Locator(".turn").CountAsync());
        Assert.Equal("Will you answer?", await tab.Turn.Locator(".question").TextContentAsync());
        Assert.False(await tab.Turn.Locator(".problem").IsVisibleAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task UpstreamCut_KeepsThePartialText_AndRetryAsksBelowIt()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Hold on", "cut");
        await tab.Problem.WaitForAsync();

        var partial = await tab.AnswerTextAsync();
        Assert.Equal((await tab.TerminalAsync())!.Value.GetProperty("answer").GetString(), partial);
        Assert.NotEqual("", partial);
        await tab.PictureAsync("incomplete");

        await tab.Page.SelectOptionAsync("#model", "fast");
        await tab.Problem.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await tab.StateAsync("done");

        Assert.Equal("Hold on, Hold on", string.Join(", ", await tab.Page.Locator(".turn .question").AllTextContentsAsync()));
        Assert.Equal(partial, await tab.Page.Locator(".turn .answer").First.TextContentAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task UpstreamRefusal_SaysThatAskingAgainWillNotHelp()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Too long", "refused");
        await tab.Problem.WaitForAsync();

        Assert.Equal("Asking again unchanged will probably not help.", await tab.Problem.Locator(".advice").TextContentAsync());
    }

    [Theory]
    [InlineData("Short")]
    [InlineData("Long")]
    public async Task UnknownModel_ShowsTheServersOwnWords(string length)
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        await tab.Page.EvaluateAsync("document.getElementById('model').add(new Option('gone', 'gone', true, true))");

        await tab.AskAsync(length == "Long" ? new string('a', 2000) : "Hello?");
        await tab.Problem.WaitForAsync();

        Assert.Equal("The question was not accepted", await tab.Problem.Locator(".what").TextContentAsync());
        Assert.Contains("gone", await tab.Problem.Locator(".message").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("model_not_found", await tab.Problem.Locator(".code").TextContentAsync());
        await tab.AssertAskedOnceAsync();
    }

    [Theory]
    [InlineData("Short")]
    [InlineData("Long")]
    public async Task ServerDies_IsWaitedForThirtySeconds_KeepsThePartialText_AndThenCannotBeReached(string length)
    {
        await using var server = await fixture.NewServerAsync();
        await using var tab = await fixture.OpenAsync(server.Address, hasClock: true);

        await tab.AskAsync(length == "Long" ? new string('a', 2000) : "Never end", "endless");
        await tab.HasTextAsync("50 ");
        await server.KillAsync();

        await tab.StateAsync("reconnecting");
        await tab.Page.Clock.FastForwardAsync(20_000);
        Assert.Equal("reconnecting", await tab.Turn.GetAttributeAsync("data-state"));
        await tab.Page.Clock.FastForwardAsync(11_000);
        await tab.StateAsync("lost");
        Assert.Equal("Connection lost", await tab.Problem.Locator(".what").TextContentAsync());
        Assert.Contains("50 ", await tab.AnswerTextAsync(), StringComparison.Ordinal);
        await tab.AssertAskedOnceAsync();
        await tab.PictureAsync("lost");

        await tab.Problem.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await tab.Problem.GetByText("The server cannot be reached").WaitForAsync();
        Assert.Equal(2, await tab.Page.Locator(".turn").CountAsync());
        Assert.Equal(2, tab.Asked);
    }

    [Fact]
    public async Task LimitIsReached_IsWaitedForTwoMinutes_AndThenSaid()
    {
        await using var server = await fixture.NewServerAsync(more: ("Sluice__Limits__Callers__RequestsPerMinute", "1"));
        await using var tab = await fixture.OpenAsync(server.Address, hasClock: true);
        await tab.AskAsync("The first");
        await tab.StateAsync("done");

        await tab.AskAsync("One too many");
        await tab.StateAsync("reconnecting");
        await tab.Page.Clock.FastForwardAsync(100_000);
        Assert.Equal("reconnecting", await tab.Turn.GetAttributeAsync("data-state"));
        await tab.Page.Clock.FastForwardAsync(21_000);
        await tab.Problem.GetByText("as much as you may").WaitForAsync();
        Assert.Equal("busy", await tab.Problem.Locator(".code").TextContentAsync());
    }
}
