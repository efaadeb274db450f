using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Sse;

namespace Sluice.Providers.OpenAi;

/// <summary>Anything that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama's /v1, DeepSeek, OpenRouter, LM Studio and others.</summary>
/// <remarks>
/// <code>
/// ChatRequest =body=> POST {BaseUrl}/chat/completions =bytes=> SseReader =data=> ChatChunk
/// </code>
/// Source: https://platform.openai.com/docs/api-reference/chat
/// </remarks>
internal class OpenAiProvider : IChatProvider, IModelSource, IDisposable
{
    private const int MaxErrorBodyBytes = 64 * 1024;

    // How long the body of an error may take: it explains a failure that is known already.
    private static readonly TimeSpan MaxErrorBodyWait = TimeSpan.FromSeconds(5);

    // How long a finished stream may take to reach its end, so that its connection can be used again.
    private static readonly TimeSpan MaxDrain = TimeSpan.FromMilliseconds(500);

    private readonly string _name;
    private readonly OpenAiProviderOptions _options;
    private readonly OpenAiErrors _errors;
    private readonly SluiceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly UpstreamHttp _http;
    private readonly Uri _completions;
    private readonly Uri _models;

    public OpenAiProvider(string name, OpenAiProviderOptions options, SluiceMetrics metrics, TimeProvider time)
        : this(name, options, new OpenAiErrors(options.ApiKey), metrics, time)
    {
    }

    protected OpenAiProvider(string name, OpenAiProviderOptions options, OpenAiErrors errors, SluiceMetrics metrics, TimeProvider time)
    {
        _name = name;
        _options = options;
        _errors = errors;
        _metrics = metrics;
        _time = time;
        _http = new UpstreamHttp(options.BaseUrl, options.ConnectTimeout, time, metrics.Traffic.Of(name));
        _completions = Under(options.BaseUrl, "/chat/completions");
        _models = Under(options.BaseUrl, "/models");
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) => request.Stream
        ? new ChunkAnswer(token => new OpenAiStream(this, request, token), cancellationToken)
        : CompleteAsync(request, cancellationToken);

    /// <summary>Asks for a stream.</summary>
    /// <returns>Its events. Neither what was asked nor the answer's head is held on to while they come, which may take long.</returns>
    internal async Task<SseReader> OpenStreamAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var response = await AskAsync(request, cancellationToken);
        try
        {
            await ThrowIfNoStreamAsync(response, cancellationToken);
            return await UpstreamHttp.OpenEventsAsync(response, new SseReaderOptions { MaxEventBytes = _options.MaxEventBytes, ReportKeepAlives = true }, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>What a stream's events are taken by.</summary>
    internal OpenAiAnswer Answer() => new(_options.MaxMalformedChunks);

    /// <summary>What an error in the stream says.</summary>
    /// <param name="json">The event's data.</param>
    internal ChatProviderException Error(ReadOnlySpan<byte> json) => _errors.FromJson(json);

    /// <summary>An event was no JSON.</summary>
    internal void CountMalformed() => _metrics.Attempts.MalformedChunk(_name);

    /// <summary>Reads what stands behind a stream's end, for a moment. The connection can serve the next question only if the body was read to its end, which is usually there already.</summary>
    internal async ValueTask DrainAsync(SseReader events, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxDrain, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (await events.ReadAsync(both.Token))
            {
                // Whatever stands behind the end says nothing.
            }
        }
        catch (Exception e) when (e is OperationCanceledException || OpenAiStream.IsBreak(e))
        {
            // The answer is whole; only the connection is lost, and is closed instead of used again.
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, _models);
        Authorize(message);
        using var response = await _http.SendAsync(message, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw _errors.FromResponse(response, await ReadErrorAsync(response, cancellationToken));
        }

        var body = await UpstreamHttp.ReadBodyAsync(response, _options.MaxEventBytes, cancellationToken);
        return OpenAiModels.Read(body)
            ?? throw new ChatProviderException(ChatErrorKind.UnexpectedResponse, "The upstream's list of models is not in OpenAI's form.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Headers that this kind of upstream wants besides the key.</summary>
    protected virtual void AddHeaders(HttpRequestHeaders headers, ChatRequest request)
    {
    }

    private static Uri Under(Uri root, string path)
    {
        // A query (Azure's api-version) stays behind the path.
        var builder = new UriBuilder(root);
        builder.Path = builder.Path.TrimEnd('/') + path;
        return builder.Uri;
    }

    // An answer in one piece.
    private async IAsyncEnumerable<ChatChunk> CompleteAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await AskAsync(request, cancellationToken);
        yield return ChatChunk.Heartbeat;
        var body = await UpstreamHttp.ReadBodyAsync(response, _options.MaxCompletionBytes, cancellationToken);
        ThrowIfError(response, body);
        yield return ChatChunk.Completion(body);
        yield return ChatChunk.Done;
    }

    private async Task<HttpResponseMessage> AskAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        using var message = Message(request);
        var response = await _http.SendAsync(message, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw _errors.FromResponse(response, await ReadErrorAsync(response, cancellationToken));
        }
    }

    private HttpRequestMessage Message(ChatRequest request)
    {
        var body = new ArrayBufferWriter<byte>(request.Body.Length + 128);
        request.WriteBody(body, _options.IncludeUsage);
        var message = new HttpRequestMessage(HttpMethod.Post, _completions) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(request.Stream ? "text/event-stream" : "application/json"));
        if (request.Origin.Trace != default)
        {
            message.Headers.Add("traceparent", SluiceTraces.Traceparent(request.Origin.Trace));
        }

        Authorize(message);
        AddHeaders(message.Headers, request);
        return message;
    }

    private void Authorize(HttpRequestMessage message)
    {
        if (_options.ApiKey is { } key)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        }
    }

    private async Task<byte[]> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxErrorBodyWait, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await UpstreamHttp.ReadBodyAsync(response, MaxErrorBodyBytes, both.Token);
        }
        catch (Exception e) when (e is ChatProviderException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The status alone says enough.
            return [];
        }
    }

    private async ValueTask ThrowIfNoStreamAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is null || type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            ThrowIfError(response, await ReadErrorAsync(response, cancellationToken));
        }

        throw new ChatProviderException(ChatErrorKind.WrongContentType,
            "The upstream did not answer with an event stream. Check that the provider's BaseUrl is the root of an OpenAI-compatible API (it usually ends in /v1).");
    }

    // Some upstreams report an error with status 200.
    private void ThrowIfError(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        if (!ChatChunk.TryParse(body, out var chunk))
        {
            throw response.Content.Headers.ContentType?.MediaType is { } type && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
                ? new ChatProviderException(ChatErrorKind.WrongContentType,
                    "The upstream did not answer with JSON. Check that the provider's BaseUrl is the root of an OpenAI-compatible API (it usually ends in /v1).")
                : new ChatProviderException(ChatErrorKind.UnexpectedResponse, "The upstream's answer is not JSON.");
        }

        if (chunk.Kind.HasFlag(ChatChunkKind.Error | ChatChunkKind.NoChoices))
        {
            throw _errors.FromJson(body.Span);
        }
    }
}
