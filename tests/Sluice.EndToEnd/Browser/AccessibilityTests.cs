using System.Globalization;
using Microsoft.Playwright;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

/// <summary>What axe-core finds: nothing, on every page and in every state.</summary>
[Collection(nameof(BrowserTests))]
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    private const string Findings = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
        """;

    private static readonly string Axe = Path.Combine(Paths.Repository, "src/Sluice.Server/web/node_modules/axe-core/axe.min.js");

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task ChatPage_InEveryState_HasNoViolation(ColorScheme scheme, int width)
    {
        await using var model = await SpeakingModel.StartAsync(_ => [Showcase.Text]);
        await using var speaker = await fixture.SpeakerAsync(model);
        var options = new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 844 } };
        await using (var tab = await fixture.OpenAsync(speaker.Address, options))
        {
            await CheckAsync(tab, "empty");
            await tab.AskAsync("Show me everything that you can write.");
            await tab.StateAsync("done");
            await tab.Answer.Locator("math").First.WaitForAsync();
            await tab.Answer.Locator("pre .hljs-keyword").First.WaitForAsync();
            await CheckAsync(tab, "answered");
            await tab.PictureAsync($"showcase-{scheme.ToString().ToLower(CultureInfo.InvariantCulture)}-{width}");
            Assert.InRange(await tab.Page.EvaluateAsync<int>("document.getElementById('scroller').scrollWidth"), 1, width);
            await tab.Page.Keyboard.PressAsync("Control+k");
            await tab.Page.Locator("dialog[open]").WaitForAsync();
            await CheckAsync(tab, "palette");
            await tab.PictureAsync($"palette-{scheme.ToString().ToLower(CultureInfo.InvariantCulture)}-{width}");
            await tab.Page.Keyboard.PressAsync("Escape");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).First.ClickAsync();
            await CheckAsync(tab, "settings");
        }

        await using (var tab = await fixture.OpenAsync((await fixture.ServerAsync()).Address, options))
        {
            await tab.AskAsync("Hold on", "cut");
            await tab.Problem.WaitForAsync();
            await CheckAsync(tab, "error");
            await tab.AskAsync("Never end", "endless");
            await tab.StateAsync("streaming");
            await CheckAsync(tab, "streaming");
        }
    }

    [Theory]
    [InlineData("/status", ColorScheme.Light)]
    [InlineData("/status", ColorScheme.Dark)]
    public async Task OtherPages_HaveNoViolation(string path, ColorScheme scheme)
    {
        await using var tab = await fixture.OpenAsync((await fixture.ServerAsync()).Address, new() { ColorScheme = scheme });
        await tab.Page.GotoAsync(new Uri((await fixture.ServerAsync()).Address, path).ToString());
        await tab.Page.Locator("#targets .chip").First.WaitForAsync();
        await CheckAsync(tab, path);
    }

    private static async Task CheckAsync(ChatTab tab, string state)
    {
        await tab.Page.EvaluateAsync(await File.ReadAllTextAsync(Axe, TestContext.Current.CancellationToken));
        Assert.Empty((await tab.Page.EvaluateAsync<string[]>(Findings)).Select(finding => $"{state}: {finding}"));
    }
}
