using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Access;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

/// <summary>A server that asks everyone who he is, and its keys.</summary>
internal sealed class AccessBench : IAsyncDisposable
{
    // As often as a server looks whether the keys have changed.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly string _directory;
    private readonly ApiKeyDatabase _database;
    private readonly HttpClient _client;

    private AccessBench(string directory, ApiKeyDatabase database, SluiceHost host)
    {
        _directory = directory;
        _database = database;
        Host = host;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Client.BaseAddress };
    }

    public SluiceHost Host { get; }

    /// <summary>Name and text of the keys made last, by name.</summary>
    public Dictionary<string, (string Id, string Text)> Keys { get; } = new(StringComparer.Ordinal);

    public static async Task<AccessBench> StartAsync(Script script, params (string Name, string? Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("sluice").FullName;
        var path = Path.Combine(directory, "keys.db");
        var host = await SluiceHost.StartAsync(script, [("Sluice:Access:Enabled", "true"), ("Sluice:Access:Keys:Database", path), ("Sluice:Conversations:Database", Path.Combine(directory, "conversations.db")), .. settings]);
        return new AccessBench(directory, ApiKeyDatabase.Open(path), host);
    }

    /// <summary>Makes a key that the server knows.</summary>
    public string Make(string name, Func<ApiKeyRecord, ApiKeyRecord>? shape = null)
    {
        var (id, text) = (ApiKeyText.NewId(), ApiKeyText.New());
        var record = new ApiKeyRecord { Id = id, Name = name, Owner = id, Created = Host.Time.GetUtcNow() };
        _database.Add(shape?.Invoke(record) ?? record, ApiKeyText.HashOf(text));
        Keys[name] = (id, text);
        PassSecond();
        return text;
    }

    /// <summary>Takes a key back. The server does not know it yet.</summary>
    public void Revoke(string name) => Assert.True(_database.Revoke(Keys[name].Id, Host.Time.GetUtcNow()));

    /// <summary>A second passes, in which the server looks at its keys.</summary>
    public void PassSecond() => Host.Time.Advance(Look);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Soon();
    }

    /// <summary>Starts an answer that goes on, and gives its name.</summary>
    public async Task<string> AskAsync(string key)
    {
        using var response = await SendAsync(HttpMethod.Post, "/ask/stream", key, """{"prompt":"q"}""");
        return response.Headers.GetValues("X-Sluice-Stream-Id").Single();
    }

    public T Service<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
