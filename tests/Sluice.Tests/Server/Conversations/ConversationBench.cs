using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Conversations;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>A server that keeps conversations, in a file of its own.</summary>
internal sealed class ConversationBench : IAsyncDisposable
{
    private readonly string _directory;
    private readonly bool _isOwner;

    private ConversationBench(string directory, bool isOwner, SluiceHost host)
    {
        _directory = directory;
        _isOwner = isOwner;
        Host = host;
    }

    public SluiceHost Host { get; }

    public string File => Path.Combine(_directory, "below", "conversations.db");

    public static async Task<ConversationBench> StartAsync(Script script, params (string Name, string? Value)[] settings) =>
        await StartAsync(Directory.CreateTempSubdirectory("sluice-talk-").FullName, isOwner: true, script, settings);

    /// <summary>Another server on the same file.</summary>
    public Task<ConversationBench> AgainAsync(Script script) => StartAsync(_directory, isOwner: false, script, []);

    /// <summary>Asks, and reads the answer to its end.</summary>
    public async Task<Asked> AskAsync(string body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Post, "/ask/stream", body, headers);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon();
        return Asked.Of(response, text);
    }

    /// <summary>Begins to ask: the headers are there.</summary>
    public async Task<(Asked Asked, HttpResponseMessage Response)> BeginAsync(string body, string? key = null)
    {
        var response = await SendAsync(HttpMethod.Post, "/ask/stream", body, key is null ? [] : [("Idempotency-Key", key)]);
        return (Asked.Of(response, ""), response);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Soon();
    }

    /// <summary>The answer's JSON, and whether its status is the expected one.</summary>
    public async Task<JsonElement> JsonAsync(HttpMethod method, string path, string? body = null, int status = 200)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon();
        Assert.True(status == (int)response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    public Task<JsonElement> GetAsync(string path, int status = 200) => JsonAsync(HttpMethod.Get, path, null, status);

    /// <summary>The code of the error that a request is refused with.</summary>
    public async Task<string> ErrorAsync(HttpMethod method, string path, string? body, int status) => (await JsonAsync(method, path, body, status)).GetProperty("error").GetProperty("code").GetString()!;

    /// <summary>Stores what has come until the last message of a conversation is as wanted. No time passes, in which the answer could time out.</summary>
    public async Task UntilAsync(string conversation, Func<JsonElement, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(Within.Bound);
        while (!isWanted((await GetAsync($"/v1/conversations/{conversation}")).GetProperty("messages").EnumerateArray().Last()))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Host.Services.GetRequiredService<ConversationKeeper>().CheckpointAsync(limit.Token);
        }
    }

    /// <summary>Puts something else where the database is.</summary>
    public Task BreakAsync() => Host.Services.GetRequiredService<ConversationStore>().Database.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (_isOwner)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static async Task<ConversationBench> StartAsync(string directory, bool isOwner, Script script, (string Name, string? Value)[] settings) =>
        new(directory, isOwner, await SluiceHost.StartAsync(script, [("Sluice:Conversations:Database", Path.Combine(directory, "below", "conversations.db")), .. settings]));
}
