using System.Text.Json;
using Microsoft.Playwright;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

/// <summary>The chat page in a browser, with everything that it sent and complained about.</summary>
internal sealed class ChatTab : IAsyncDisposable
{
    // What broke the page's policy: a script that was stopped is one that came through.
    private const string Watch = """
        window.violations = [];
        document.addEventListener('securitypolicyviolation', e => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
        """;

    private readonly IBrowserContext _context;
    private readonly Uri _origin;
    private readonly List<string> _complaints = [];
    private readonly List<IRequest> _requests = [];

    // A stream outlives its viewers: what a test leaves running would be another test's noise. A server that is gone has nothing to stop.
    private const string StopAll = "() => fetch('v1/conversations', { method: 'DELETE' }).catch(() => {})";

    private readonly bool _isFirst;

    private ChatTab(IBrowserContext context, IPage page, Uri origin, bool isFirst)
    {
        _isFirst = isFirst;
        _context = context;
        _origin = origin;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _requests.Add(request);
    }

    public IPage Page { get; }

    /// <summary>The newest question with its answer.</summary>
    public ILocator Turn => Page.Locator(".turn").Last;

    public ILocator Answer => Turn.Locator(".answer");

    public ILocator Note => Turn.Locator(".note");

    public ILocator Problem => Turn.GetByRole(AriaRole.Alert);

    public ILocator Composer => Page.Locator("#question");

    public ILocator Scroller => Page.Locator("#scroller");

    /// <summary>How many times the page asked something; a question that is sent again after a cut counts anew.</summary>
    public int Asked => _requests.Count(request => request.Method == "POST" && new Uri(request.Url).AbsolutePath == "/ask/stream");

    public static Task<ChatTab> OpenAsync(IBrowserContext context, Uri address) => OpenAsync(context, address, isFirst: true);

    /// <summary>Opens what this tab shows once more in the same profile. Closing it leaves the profile open.</summary>
    public Task<ChatTab> OpenAnotherAsync() => OpenAsync(_context, new Uri(Page.Url), isFirst: false);

    private static async Task<ChatTab> OpenAsync(IBrowserContext context, Uri address, bool isFirst)
    {
        var tab = new ChatTab(context, await context.NewPageAsync(), address, isFirst);
        await tab.Page.AddInitScriptAsync(Watch);
        await tab.Page.GotoAsync(address.ToString());
        await tab.Page.Locator(".examples button, .turn").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return tab;
    }

    /// <summary>Types a question and presses Enter.</summary>
    public async Task AskAsync(string question, string? model = null)
    {
        if (model is not null)
        {
            await Page.SelectOptionAsync("#model", model);
        }

        await Composer.FillAsync(question);
        await Composer.PressAsync("Enter");
    }

    /// <summary>Waits until the newest answer is in that state.</summary>
    public Task StateAsync(string state) => Page.Locator($".turn:last-child[data-state={state}]").WaitForAsync();

    /// <summary>Waits until the newest answer holds that text.</summary>
    public Task HasTextAsync(string text) => Turn.Locator(".answer", new() { HasText = text }).WaitForAsync();

    /// <summary>The answer as it stands on the page.</summary>
    public async Task<string> AnswerTextAsync() => await Answer.TextContentAsync() ?? "";

    /// <summary>The elements that the answer is made of.</summary>
    public Task<string> AnswerHtmlAsync() => Answer.InnerHTMLAsync();

    /// <summary>Exactly what the page holds as the text of the newest answer, before it became elements: what is read out once it has ended.</summary>
    public async Task<string> HeardAsync()
    {
        const string Before = "Answer complete. ";
        await Page.WaitForFunctionAsync("before => document.getElementById('spoken').textContent.startsWith(before)", Before);
        return (await Page.Locator("#spoken").TextContentAsync())![Before.Length..];
    }

    /// <summary>The message that the server keeps for the newest answer.</summary>
    public async Task<JsonElement> StoredAsync()
    {
        using var http = new HttpClient();
        var json = await http.GetStringAsync(new Uri(_origin, $"/v1/conversations/{ConversationId}"), TestContext.Current.CancellationToken);
        var root = JsonDocument.Parse(json).RootElement;
        var head = root.GetProperty("head").GetString();
        return root.GetProperty("messages").EnumerateArray().Single(message => message.GetProperty("id").GetString() == head);
    }

    /// <summary>The conversation that is shown; empty for a new one.</summary>
    public string ConversationId => System.Web.HttpUtility.ParseQueryString(new Uri(Page.Url).Query)["c"] ?? "";

    public Task<double> ScrollTopAsync() => Scroller.EvaluateAsync<double>("box => box.scrollTop");

    /// <summary>No error on the console, no exception, no request to anyone else.</summary>
    public void AssertClean()
    {
        Assert.Empty(_complaints);
        AssertAskedNobodyElse();
    }

    /// <summary>No request to anyone but the server.</summary>
    public void AssertAskedNobodyElse()
    {
        Assert.All(_requests, request => Assert.Equal(_origin.Authority, new Uri(request.Url).Authority));
    }

    /// <summary>Keeps a picture of the page.</summary>
    public Task PictureAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Paths.Screenshots, $"{name}.png") });

    public async ValueTask DisposeAsync()
    {
        if (!_isFirst)
        {
            await Page.CloseAsync();
            return;
        }

        await Page.EvaluateAsync(StopAll);
        await _context.DisposeAsync();
    }
}
