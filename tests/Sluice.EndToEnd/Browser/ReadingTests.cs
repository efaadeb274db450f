using Microsoft.Playwright;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class ReadingTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Scroll_UpByAStep_LetsGoAtOnce_LatestFollowsAgain()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        var latest = tab.Page.GetByRole(AriaRole.Button, new() { Name = "Latest" });

        await tab.AskAsync("Never end", "endless");
        await tab.HasTextAsync("200 ");
        Assert.False(await latest.IsVisibleAsync());
        var width = await WidthAsync();
        await tab.Page.Mouse.MoveAsync(600, 300);
        await tab.Page.Mouse.WheelAsync(0, -20);
        await latest.WaitForAsync();
        // The button stands over the page and takes no place in it.
        Assert.Equal(width, await WidthAsync());
        var left = await tab.ScrollTopAsync();
        var arrived = (await tab.AnswerTextAsync()).Length;
        await tab.Page.WaitForFunctionAsync("length => document.querySelector('.answer').textContent.length > length", arrived + 2000);
        var later = await tab.ScrollTopAsync();
        await tab.PictureAsync("latest");

        await latest.ClickAsync();
        await tab.Page.WaitForFunctionAsync("top => document.getElementById('scroller').scrollTop > top", later + 200);
        Assert.False(await latest.IsVisibleAsync());
        // A wheel turns smoothly, so its own 20 pixels may still be on the way at the first look.
        Assert.InRange(left - later, 0, 20);

        Task<double> WidthAsync() => tab.Scroller.EvaluateAsync<double>("box => box.getBoundingClientRect().width");
    }

    [Fact]
    public async Task ScreenReader_HearsStatesAndTheAnswerOnce()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync());
        var log = tab.Page.GetByRole(AriaRole.Log);
        var spoken = tab.Page.Locator("#spoken");

        await tab.AskAsync("Never end", "endless");
        await tab.StateAsync("streaming");
        Assert.Equal("off", await log.GetAttributeAsync("aria-live"));
        Assert.Equal("true", await log.GetAttributeAsync("aria-busy"));
        Assert.Contains("generating", await spoken.TextContentAsync(), StringComparison.OrdinalIgnoreCase);
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.StateAsync("cancelled");
        await tab.AskAsync("And now?", "fast");
        await tab.StateAsync("done");

        Assert.Equal("false", await log.GetAttributeAsync("aria-busy"));
        Assert.Equal((await tab.StoredAsync()).GetProperty("content").GetString(), await tab.HeardAsync());
    }
}
