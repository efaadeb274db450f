using Microsoft.Extensions.DependencyInjection;
using System.Diagnostics.Metrics;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Providers.Bella;
using Sluice.Providers.OpenAi;

namespace Sluice.Tests.Providers;

/// <summary>A provider in front of a scripted upstream, with what a test wants to look at.</summary>
internal sealed class UpstreamCall : IDisposable
{
    public const string Key = "sk-canary-0123456789";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public UpstreamCall(Uri baseUrl, bool isBella = false, Func<OpenAiProviderOptions, OpenAiProviderOptions>? change = null, TimeProvider? time = null)
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        var options = new OpenAiProviderOptions { BaseUrl = baseUrl, ApiKey = new Secret(Key) };
        options = change?.Invoke(options) ?? options;
        var metrics = new SluiceMetrics(Meters);
        Provider = isBella ? new BellaProvider("bella", options, metrics, time ?? TimeProvider.System) : new OpenAiProvider("up", options, metrics, time ?? TimeProvider.System);
    }

    public IMeterFactory Meters { get; }

    public OpenAiProvider Provider { get; }

    public static ChatRequest Question { get; } = ChatRequest.FromQuestion("hi", "m");

    public static ChatRequest WholeQuestion { get; } = ChatRequest.Parse("""{"model":"m","messages":[{"role":"user","content":"hi"}]}"""u8.ToArray());

    /// <summary>Asks the scripted upstream once.</summary>
    public static async Task<Heard> AskAsync(ScriptedUpstream upstream, bool isBella = false, ChatRequest? request = null)
    {
        using var call = new UpstreamCall(upstream.BaseUrl, isBella);
        return await call.AskAsync(request);
    }

    public Task<Heard> AskAsync(ChatRequest? request = null) => Heard.AllAsync(Provider, request ?? Question, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Provider.Dispose();
        _services.Dispose();
    }
}
