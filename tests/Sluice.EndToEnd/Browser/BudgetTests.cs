using System.Text.Json;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

/// <summary>What the page costs whoever reads it.</summary>
[Collection(nameof(BrowserTests))]
public sealed class BudgetTests(BrowserFixture fixture)
{
    private const int FirstLoadBytes = 60 * 1024;
    private const int Tokens = 10_000;

    // From before the first script on, so that nothing long is missed.
    private const string WatchLongTasks = """
        window.longTasks = [];
        new PerformanceObserver(list => { for (const task of list.getEntries()) window.longTasks.push(Math.round(task.duration)); }).observe({ type: 'longtask', buffered: true });
        """;

    [Theory]
    [InlineData("en-US")]
    [InlineData("zh-CN")]
    public async Task FirstLoad_IsSmall(string locale)
    {
        var server = await fixture.ServerAsync();
        await using var tab = await fixture.OpenAsync(server.Address, new() { Locale = locale });
        var loaded = await tab.Page.EvaluateAsync<string[]>("['./', ...performance.getEntriesByType('resource').filter(entry => entry.name.includes('/assets/')).map(entry => entry.name)]");
        using var http = new HttpClient { DefaultRequestHeaders = { { "Accept-Encoding", "gzip" } } };
        var bytes = 0;
        foreach (var path in loaded.Distinct(StringComparer.Ordinal))
        {
            using var response = await http.GetAsync(new Uri(server.Address, path), TestContext.Current.CancellationToken);
            Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
            bytes += (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"first load: {bytes:N0} bytes in {loaded.Length} files");
        Assert.InRange(bytes, 10_000, FirstLoadBytes);
    }

    /// <summary>A benchmark with a budget, not a test of the clock: <c>make page</c> runs it.</summary>
    [Fact(Explicit = true)]
    public async Task LongAnswer_StaysSmooth()
    {
        var pieces = Pieces().ToList();
        Assert.Equal(Tokens, pieces.Count);
        await using var model = await SpeakingModel.StartAsync(_ => pieces, TimeSpan.FromMilliseconds(10));
        await using var server = await fixture.SpeakerAsync(model);
        await using var tab = await fixture.OpenAsync(server);
        await tab.Page.AddInitScriptAsync(WatchLongTasks);
        await tab.Page.ReloadAsync();
        await tab.Page.Locator(".examples button").First.WaitForAsync();
        var devtools = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        await devtools.SendAsync("Performance.enable");
        await tab.Page.EvaluateAsync("window.longTasks.length = 0");
        var before = await SecondsAsync();

        await tab.AskAsync("Tell me everything.");
        await tab.Page.Locator(".turn:last-child[data-state=done]").WaitForAsync(new() { Timeout = 180_000 });
        Assert.Equal(string.Concat(pieces), (await tab.StoredAsync()).GetProperty("content").GetString());
        var after = await SecondsAsync();
        var longest = await tab.Page.EvaluateAsync<int[]>("window.longTasks");
        var figures = after.Keys.ToDictionary(name => name, name => after[name] - before[name], StringComparer.Ordinal);
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"{Tokens:N0} tokens of Markdown, one each 10 ms: {string.Join(", ", figures.Select(figure => $"{figure.Key} {figure.Value:0.00} s"))}; tasks over 50 ms: {(longest.Length == 0 ? "none" : string.Join(", ", longest))}");

        var html = await tab.AnswerHtmlAsync();
        await tab.Page.ReloadAsync();
        await tab.StateAsync("done");
        await tab.HasTextAsync("The end.");
        await tab.Page.WaitForFunctionAsync("html => document.querySelector('.answer').innerHTML === html", html);
        Assert.InRange(figures["ScriptDuration"], 0, 1);
        Assert.Empty(longest);

        async Task<Dictionary<string, double>> SecondsAsync()
        {
            var metrics = (await devtools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray();
            return metrics.Where(metric => metric.GetProperty("name").GetString() is "ScriptDuration" or "LayoutDuration" or "RecalcStyleDuration" or "TaskDuration")
                .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble(), StringComparer.Ordinal);
        }
    }

    // Words of the showcase over and over, with a heading of its own each time, cut into pieces of about four characters as models do.
    private static IEnumerable<string> Pieces()
    {
        const string End = "The end.";
        var text = new System.Text.StringBuilder();
        for (var i = 1; text.Length < Tokens * 4; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"## Part {i}\n\n{Showcase.Text.ReplaceLineEndings("\n")}\n\n");
        }

        var runes = text.ToString().EnumerateRunes().ToArray();
        for (var i = 0; i < Tokens - 2; i++)
        {
            yield return string.Concat(runes.Skip(i * 4).Take(4).Select(rune => rune.ToString()));
        }

        yield return "\n```\n$$\n\n";
        yield return End;
    }
}
