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
        Assert.Equal(1, tab.Asked);
        await tab.PictureAsync("error");

        await tab.Page.SelectOptionAsync("#model", "fast");
        await tab.Problem.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await tab.StateAsync("done");

        Assert.Equal(1, await tab.Page.Locator(".turn").CountAsync());
        Assert.Equal("Will you answer?", await tab.Turn.Locator(".question").TextContentAsync());
        Assert.Equal(0, await tab.Turn.Locator(".problem").CountAsync());
        tab.AssertClean();
    }

    [Fact]
    public async Task UpstreamCut_KeepsThePartialText_AndRetryAnswersBesideIt()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());

        await tab.AskAsync("Hold on", "cut");
        await tab.Problem.WaitForAsync();

        var partial = await tab.AnswerHtmlAsync();
        Assert.Equal("failed", (await tab.StoredAsync()).GetProperty("state").GetString());
        Assert.True((await tab.StoredAsync()).GetProperty("partial").GetBoolean());
        await tab.PictureAsync("incomplete");
        await tab.Page.ReloadAsync();
        await tab.Problem.WaitForAsync();
        Assert.Equal(partial, await tab.AnswerHtmlAsync());

        await tab.Page.SelectOptionAsync("#model", "fast");
        await tab.Problem.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await tab.StateAsync("done");

        Assert.Equal(1, await tab.Page.Locator(".turn").CountAsync());
        Assert.Equal("2/2", await tab.Turn.Locator(".meta .branch").TextContentAsync());
        await tab.Turn.GetByRole(AriaRole.Button, new() { Name = "Previous version" }).ClickAsync();
        await tab.Problem.WaitForAsync();
        Assert.Equal(partial, await tab.AnswerHtmlAsync());
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

    [Fact]
    public async Task UnknownModel_ShowsTheServersOwnWords_AndKeepsWhatWasTyped()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        await tab.Page.RouteAsync("**/v1/models", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"object":"list","data":[{"id":"gone"}]}""" }));
        await tab.Page.ReloadAsync();

        await tab.AskAsync("Hello?");
        await tab.Problem.WaitForAsync();

        Assert.Equal("The question was not accepted", await tab.Problem.Locator(".what").TextContentAsync());
        Assert.Contains("gone", await tab.Problem.Locator(".message").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("model_not_found", await tab.Problem.Locator(".code").TextContentAsync());
        Assert.Equal(1, tab.Asked);
        await tab.Page.ReloadAsync();
        await tab.Page.Locator("#empty").WaitForAsync();
        Assert.Equal("Hello?", await tab.Composer.InputValueAsync());
    }

    [Fact]
    public async Task ServerDies_IsWaitedForThirtySeconds_KeepsThePartialText_AndThenCannotBeReached()
    {
        await using var server = await fixture.NewServerAsync();
        await using var tab = await fixture.OpenAsync(server.Address, hasClock: true);

        await tab.AskAsync("Never end", "endless");
        await tab.HasTextAsync("50 ");
        await server.KillAsync();

        await tab.StateAsync("reconnecting");
        await tab.Page.Clock.FastForwardAsync(20_000);
        Assert.Equal("reconnecting", await tab.Turn.GetAttributeAsync("data-state"));
        await tab.Page.Clock.FastForwardAsync(11_000);
        await tab.StateAsync("cut");
        Assert.Equal("Connection lost", await tab.Problem.Locator(".what").TextContentAsync());
        Assert.Contains("50 ", await tab.AnswerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1, tab.Asked);
        await tab.PictureAsync("lost");
    }

    [Fact]
    public async Task LimitIsReached_IsWaitedForAsTheServerSays_AndThenSaid()
    {
        await using var server = await fixture.NewServerAsync(more: ("Sluice__Limits__Callers__RequestsPerMinute", "1"));
        await using var tab = await fixture.OpenAsync(server.Address, hasClock: true);
        await tab.AskAsync("The first");
        await tab.StateAsync("done");

        await tab.AskAsync("One too many");
        await tab.StateAsync("busy");

        // Asked again when the server said, it names a time beyond the two minutes that the page waits.
        await tab.Page.Clock.FastForwardAsync(100_000);
        await tab.Problem.WaitForAsync();
        Assert.Contains("Reached: your limit", await tab.Problem.TextContentAsync(), StringComparison.Ordinal);
    }
}
