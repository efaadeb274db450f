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
        await tab.Page.Mouse.MoveAsync(600, 300);
        await tab.Page.Mouse.WheelAsync(0, -20);
        await latest.WaitForAsync();
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
        await tab.StateAsync("stopped");
        await tab.AskAsync("And now?", "fast");
        await tab.StateAsync("done");

        Assert.Equal("false", await log.GetAttributeAsync("aria-busy"));
        Assert.Equal($"Answer complete. {await tab.AnswerTextAsync()}", await spoken.TextContentAsync());
    }

    [Fact]
    public async Task Text_CutAtEveryPlace_LooksTheSameAndLosesNothing()
    {
        await using var tab = await fixture.OpenAsync(await fixture.GuideAsync());
        const string Text = "a `b` ``` c\n\n  ```c#\n<b>``\n````\n```\nd\n~ \n````\n```\n````\n\r\ne ``\n```x `y\n```";

        var shapes = await tab.Page.EvaluateAsync<string[]>("""
            async text => {
              const { AnswerText } = await import('/text.js');
              const shapes = new Set();
              for (let i = 0; i <= text.length; i++) {
                for (let j = i; j <= text.length; j++) {
                  const root = document.createElement('div');
                  const answer = new AnswerText(root);
                  for (const piece of [text.slice(0, i), text.slice(i, j), text.slice(j)]) answer.append(piece);
                  answer.finish();
                  if (root.textContent !== text) throw new Error(`Cut at ${i} and ${j} it is: ${root.textContent}`);
                  shapes.add(root.innerHTML);
                }
              }
              return [...shapes];
            }
            """, Text);

        var shape = Assert.Single(shapes);
        Assert.Contains("<pre tabindex=\"0\" data-language=\"c#\">", shape, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", shape, StringComparison.Ordinal);
    }
}
