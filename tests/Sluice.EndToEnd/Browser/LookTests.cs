using System.Globalization;
using Microsoft.Playwright;

namespace Sluice.EndToEnd.Browser;

[Collection(nameof(BrowserTests))]
public sealed class LookTests(BrowserFixture fixture)
{
    // Every visible text against the nearest background that is not transparent. https://www.w3.org/TR/WCAG22/#contrast-minimum
    private const string PoorContrasts = """
        () => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const bytes = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
          const luminance = color => [...bytes(color)].slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const background = e => { for (; e; e = e.parentElement) if (bytes(getComputedStyle(e).backgroundColor)[3] === 255) return getComputedStyle(e).backgroundColor; return 'white'; };
          const poor = [];
          for (const e of document.querySelectorAll('body *')) {
            const hasText = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
            if (!e.checkVisibility() || e.closest('#spoken') || !hasText) continue;
            const [a, b] = [luminance(getComputedStyle(e).color), luminance(background(e))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 4.5) poor.push(`${e.className || e.tagName}: ${ratio.toFixed(2)}`);
          }
          return poor;
        }
        """;

    [Theory]
    [InlineData(ColorScheme.Light, "rgb(247, 248, 246)")]
    [InlineData(ColorScheme.Dark, "rgb(15, 21, 23)")]
    public async Task Colors_FollowTheSystem_AndCanBeRead(ColorScheme scheme, string paper)
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync(), new() { ColorScheme = scheme });
        var name = scheme.ToString().ToLower(CultureInfo.InvariantCulture);
        await tab.PictureAsync($"empty-{name}");
        Assert.Empty(await tab.Page.EvaluateAsync<string[]>(PoorContrasts));

        await tab.AskAsync("Think first", "thinker");
        await tab.StateAsync("done");
        await tab.PictureAsync($"done-{name}");
        await tab.AskAsync("Hold on", "cut");
        await tab.Problem.WaitForAsync();
        await tab.PictureAsync($"error-{name}");

        Assert.Equal(paper, await tab.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(await tab.Page.EvaluateAsync<string[]>(PoorContrasts));
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", "zh-CN", "输入问题", "如何连接 Bella？")]
    [InlineData("en-GB", "en", "Ask a question", "How do I connect Bella?")]
    [InlineData("fr-FR", "en", "Ask a question", "How do I connect Bella?")]
    public async Task Words_FollowTheBrowsersLanguage(string locale, string language, string placeholder, string example)
    {
        await using var tab = await fixture.OpenAsync(await fixture.GuideAsync(), new() { Locale = locale });

        Assert.Equal(language, await tab.Page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.Equal(placeholder, await tab.Composer.GetAttributeAsync("placeholder"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = example }).ClickAsync();
        await tab.StateAsync("done");

        Assert.Contains("BELLA_API_KEY", await tab.AnswerTextAsync(), StringComparison.Ordinal);
        await tab.PictureAsync($"language-{locale}");
        tab.AssertClean();
    }

    [Fact]
    public async Task Phone_HasNoSidewaysScroll()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync(), new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true, HasTouch = true, DeviceScaleFactor = 2 });
        await tab.PictureAsync("phone-empty");

        await tab.AskAsync(new string('w', 300), "cut");
        await tab.Problem.WaitForAsync();
        await tab.AskAsync("And now?", "thinker");
        await tab.StateAsync("done");
        await tab.PictureAsync("phone");

        var widths = await tab.Page.EvaluateAsync<int[]>("[document.documentElement.scrollWidth, document.getElementById('scroller').scrollWidth]");
        Assert.All(widths, width => Assert.InRange(width, 1, 360));
        tab.AssertClean();
    }

    [Fact]
    public async Task ReducedMotion_NothingMoves()
    {
        await using var tab = await fixture.OpenAsync(await fixture.ServerAsync(), new() { ReducedMotion = ReducedMotion.Reduce });

        await tab.AskAsync("Never end", "endless");
        await tab.StateAsync("streaming");

        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("document.getAnimations().length"));
    }
}
