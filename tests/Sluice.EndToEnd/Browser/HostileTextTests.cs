using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

/// <summary>A model may say anything, and what it says may be somebody else's: nothing of it runs, and nothing of it asks anybody.</summary>
[Collection(nameof(BrowserTests))]
public sealed class HostileTextTests(BrowserFixture fixture)
{
    private const int AtOnce = 10;

    // Each would be noticed even if the page's policy were not there.
    private const string Traps = """
        window.ran = [];
        for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = (...args) => { window.ran.push(`${name}(${args})`); };
        """;

    // Nothing that runs, loads, styles, submits or takes over a name; a link leads to the web or to a mail program, in another tab.
    private const string Bad = """
        () => [...document.querySelectorAll('.answer')].flatMap(answer => [...answer.querySelectorAll('*')]).filter(e =>
          ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'LINK', 'META', 'BASE', 'STYLE', 'FORM', 'INPUT', 'SVG', 'IMG', 'VIDEO', 'AUDIO', 'TEMPLATE', 'NOSCRIPT', 'FRAME', 'APPLET'].includes(e.tagName.toUpperCase())
            && !(e.tagName === 'INPUT' && e.type === 'checkbox' && e.disabled)
            || [...e.attributes].some(a => /^on/i.test(a.name) || ['srcdoc', 'formaction', 'ping', 'background', 'src', 'srcset', 'name'].includes(a.name.toLowerCase()))
            || e.hasAttribute('href') && (!/^(https?|mailto):/i.test(e.getAttribute('href')) || e.target !== '_blank' || !e.rel.includes('noopener')))
          .map(e => e.outerHTML.slice(0, 200))
        """;

    [Theory]
    [InlineData("whole")]
    [InlineData("by character")]
    [InlineData("by three")]
    public async Task Payloads_InAnyPieces_RunNothing_AskNobody(string pieces)
    {
        var payloads = Payloads();
        Assert.InRange(payloads.Count, 150, 1000);
        await using var model = await SpeakingModel.StartAsync(question => Cut(string.Join("\n\n", Group(payloads, question)), pieces));
        await using var server = await fixture.SpeakerAsync(model);
        await using var tab = await fixture.OpenAsync(server);
        await tab.Page.AddInitScriptAsync(Traps);
        await tab.Page.ReloadAsync();
        var address = tab.Page.Url;
        var groups = (payloads.Count + AtOnce - 1) / AtOnce;
        for (var i = 0; i < groups; i++)
        {
            var question = i.ToString(CultureInfo.InvariantCulture);
            await tab.AskAsync(question);
            await tab.Page.Locator(".turn .question").Nth(i).WaitForAsync();
            await tab.StateAsync("done");
            Assert.Equal(string.Join("\n\n", Group(payloads, question)).Replace("\0", "\uFFFD", StringComparison.Ordinal), (await tab.StoredAsync()).GetProperty("content").GetString());
        }

        await CheckAsync(tab, groups);

        // All of them at once, as they were stored; and after a click on every link and a stroke of the pointer over everything.
        await tab.Page.ReloadAsync();
        await tab.Page.WaitForFunctionAsync("count => [...document.querySelectorAll('.answer')].filter(answer => answer.childNodes.length > 0).length === count", groups);
        await tab.Page.EvaluateAsync("""
            () => {
              for (const e of document.querySelectorAll('.answer, .answer *')) {
                for (const name of ['mouseover', 'mouseenter', 'pointerover', 'focus', 'focusin', 'toggle', 'animationstart', 'load', 'error', 'scroll']) e.dispatchEvent(new Event(name, { bubbles: true }));
                if (!e.closest('a')) e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
              }
            }
            """);
        await CheckAsync(tab, groups);
        Assert.StartsWith(new Uri(address).GetLeftPart(UriPartial.Authority), tab.Page.Url, StringComparison.Ordinal);
        if (pieces == "whole")
        {
            await tab.PictureAsync("hostile");
        }
    }

    private static async Task CheckAsync(ChatTab tab, int groups)
    {
        Assert.Equal(groups, await tab.Page.Locator(".turn").CountAsync());
        Assert.Empty(await tab.Page.EvaluateAsync<string[]>("window.ran"));
        Assert.Empty(await tab.Page.EvaluateAsync<string[]>("window.violations"));
        Assert.Empty(await tab.Page.EvaluateAsync<string[]>(Bad));
        tab.AssertAskedNobodyElse();

        // The page is still itself: no name of its own was taken over.
        Assert.True(await tab.Page.EvaluateAsync<bool>("document.getElementById('question') instanceof HTMLTextAreaElement && typeof document.querySelector === 'function' && document.title.length > 0"));
    }

    private static IEnumerable<string> Group(List<string> payloads, string question) =>
        payloads.Skip(int.Parse(question, CultureInfo.InvariantCulture) * AtOnce).Take(AtOnce);

    private static IEnumerable<string> Cut(string text, string pieces) => pieces switch
    {
        "whole" => [text],
        "by three" => text.EnumerateRunes().Chunk(3).Select(static runes => string.Concat(runes)),
        _ => text.EnumerateRunes().Select(rune => rune.ToString()),
    };

    private static List<string> Payloads()
    {
        using var corpus = JsonDocument.Parse(File.ReadAllText(Path.Combine(Paths.Repository, "src/Sluice.Server/web/tests/markdown/xss.json")));
        return [.. corpus.RootElement.EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray().Select(text => text.GetString()!))];
    }
}
