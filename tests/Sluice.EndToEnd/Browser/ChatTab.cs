using System.Text.Json;
using Microsoft.Playwright;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

/// <summary>The chat page in a browser, with everything that it sent and complained about.</summary>
internal sealed class ChatTab : IAsyncDisposable
{
    // The native EventSource, only watched.
    private const string Watch = """
        window.sources = [];
        window.terminal = null;
        window.EventSource = class extends EventSource {
          constructor(...args) {
            super(...args);
            if (String(args[0]).startsWith('ask/stream')) window.noteAsked();
            window.sources.push(this);
            this.addEventListener('message', message => {
              const event = JSON.parse(message.data);
              if (['end', 'error', 'cancelled'].includes(event.type)) window.terminal = event;
            });
          }
        };
        """;

    private readonly IBrowserContext _context;
    private readonly Uri _origin;
    private readonly List<string> _complaints = [];
    private readonly List<IRequest> _requests = [];

    // A stream outlives its viewers: what a test leaves running would be another test's noise. A server that is gone has nothing to stop.
    private const string StopAll = """
        () => Promise.allSettled(Object.values(localStorage).map(JSON.parse).filter(turn => turn.state === 'running' && turn.stream)
          .map(turn => fetch(`/v1/streams/${turn.stream}/cancel`, { method: 'POST' })))
        """;

    private readonly bool _isFirst;
    private int _opened;

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

    public ILocator Problem => Turn.GetByRole(AriaRole.Alert);

    public ILocator Composer => Page.Locator("#question");

    public ILocator Scroller => Page.Locator("#scroller");

    /// <summary>How many times the page asked something. A reconnect of the browser's own asks only for the rest.</summary>
    public int Asked => _opened + _requests.Count(request => request.Method == "POST" && new Uri(request.Url).AbsolutePath == "/ask/stream");

    public static Task<ChatTab> OpenAsync(IBrowserContext context, Uri address) => OpenAsync(context, address, isFirst: true);

    /// <summary>Opens the page once more in the same profile. Closing it leaves the profile open.</summary>
    public Task<ChatTab> OpenAnotherAsync() => OpenAsync(_context, _origin, isFirst: false);

    private static async Task<ChatTab> OpenAsync(IBrowserContext context, Uri address, bool isFirst)
    {
        var tab = new ChatTab(context, await context.NewPageAsync(), address, isFirst);
        await tab.Page.ExposeFunctionAsync("noteAsked", () => Interlocked.Increment(ref tab._opened));
        await tab.Page.AddInitScriptAsync(Watch);
        await tab.Page.GotoAsync(address.ToString());
        await tab.Page.Locator(".examples button").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
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

    /// <summary>The answer as it stands on the page, character by character.</summary>
    public async Task<string> AnswerTextAsync() => await Answer.TextContentAsync() ?? "";

    /// <summary>The last event of the newest stream, or null.</summary>
    public Task<JsonElement?> TerminalAsync() => Page.EvaluateAsync<JsonElement?>("window.terminal");

    public Task<double> ScrollTopAsync() => Scroller.EvaluateAsync<double>("box => box.scrollTop");

    /// <summary>Nothing was asked twice, and nothing will be: every EventSource is closed for good.</summary>
    public async Task AssertAskedOnceAsync()
    {
        var states = await Page.EvaluateAsync<int[]>("window.sources.map(source => source.readyState)");
        Assert.All(states, state => Assert.Equal(2, state));
        Assert.Equal(1, Asked);
    }

    /// <summary>No error on the console, no exception, no request to anyone else.</summary>
    public void AssertClean()
    {
        Assert.Empty(_complaints);
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
