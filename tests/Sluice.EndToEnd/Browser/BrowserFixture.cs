using Microsoft.Playwright;
using Sluice.EndToEnd.Commands;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Browser;

/// <summary>One browser, one scripted upstream and one server for all browser tests, started by the first that asks.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // Tokens, microseconds between two, and the scenario: see `sluice upstream --help`.
    private static readonly (string Name, string Sim)[] Models =
    [
        ("fast", "sim-300-1000"), ("steady", "sim-800-5000"), ("long", "sim-2400-10000"), ("endless", "sim-100000-2000"), ("broken", "sim-20-1000-500"), ("cut", "sim-60-1000-cut"),
        ("refused", "sim-20-1000-context-length"), ("silent", "sim-20-1000-hang"), ("thinker", "sim-60-1000-reasoning"),
    ];

    private readonly TemporaryFolder _folder = new();
    private int _servers;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ServerProcess? _upstream;
    private ServerProcess? _server;
    private ServerProcess? _guide;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        foreach (var process in new[] { _guide, _server, _upstream })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    /// <summary>A file for the conversations of one server, or of several one after the other.</summary>
    internal (string Name, string Value) NewDatabase() => ("Sluice__Conversations__Database", _folder[$"conversations{Interlocked.Increment(ref _servers)}.db"]);

    /// <summary>The upstream behind <see cref="ServerAsync"/>.</summary>
    internal async Task<ServerProcess> UpstreamAsync() => _upstream ??= await ServerProcess.UpstreamAsync();

    /// <summary>A server with a model for every mishap; the first is <c>fast</c>.</summary>
    internal async Task<ServerProcess> ServerAsync() => _server ??= await NewServerAsync();

    /// <summary>A server without a model.</summary>
    internal async Task<ServerProcess> GuideAsync() => _guide ??= await ServerProcess.ServeAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["Sluice__Conversations__Database"] = NewDatabase().Value });

    /// <summary>One more server like <see cref="ServerAsync"/>, for a test that ends it. The caller owns it.</summary>
    /// <param name="address">Where an earlier one listened; null for a free port.</param>
    /// <param name="more">More settings.</param>
    internal async Task<ServerProcess> NewServerAsync(Uri? address = null, params IEnumerable<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Sluice__DefaultModel"] = Models[0].Name,
            ["Sluice__Providers__up__Type"] = "openai",
            ["Sluice__Providers__up__BaseUrl"] = new Uri((await UpstreamAsync()).Address, "/v1").ToString(),
        };
        foreach (var (name, sim) in Models)
        {
            settings[$"Sluice__Models__{name}__Targets__0__Provider"] = "up";
            settings[$"Sluice__Models__{name}__Targets__0__Model"] = sim;
        }

        foreach (var (name, value) in more.Prepend(NewDatabase()))
        {
            settings[name] = value;
        }

        return await (address is null ? ServerProcess.ServeAsync(settings) : ServerProcess.ServeAsync(settings, "--urls", address.ToString()));
    }

    /// <summary>A server whose one model says what a test wants. The caller owns it.</summary>
    internal Task<ServerProcess> SpeakerAsync(SpeakingModel model) => ServerProcess.ServeAsync(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Sluice__DefaultModel"] = "speaking",
        ["Sluice__Providers__up__Type"] = "openai",
        ["Sluice__Providers__up__BaseUrl"] = model.Address.ToString(),
        ["Sluice__Models__speaking__Targets__0__Provider"] = "up",
        ["Sluice__Models__speaking__Targets__0__Model"] = "speaking",
        ["Sluice__Conversations__Database"] = NewDatabase().Value,
    });

    /// <summary>Opens the page in a profile of its own.</summary>
    internal Task<ChatTab> OpenAsync(ServerProcess server, BrowserNewContextOptions? options = null) => OpenAsync(server.Address, options);

    /// <summary>The same, at any address.</summary>
    /// <param name="address">Where the browser connects.</param>
    /// <param name="options">Of the profile.</param>
    /// <param name="hasClock">Whether the test can put the page's clock forward.</param>
    internal async Task<ChatTab> OpenAsync(Uri address, BrowserNewContextOptions? options = null, bool hasClock = false)
    {
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await Chromium.LaunchAsync(_playwright);
        var context = await _browser.NewContextAsync(options ?? new());
        if (hasClock)
        {
            await context.Clock.InstallAsync();
        }

        return await ChatTab.OpenAsync(context, address);
    }
}
