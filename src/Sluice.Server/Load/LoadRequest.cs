using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Server.Load;

/// <summary>Makes the request that every stream of a run sends.</summary>
internal sealed class LoadRequest
{
    private const string OnDisconnect = "X-Sluice-On-Disconnect";

    private readonly LoadOptions _options;
    private readonly Uri _url;
    private readonly byte[]? _body;

    public LoadRequest(LoadOptions options)
    {
        _options = options;
        _url = options.Target.Url;
        if (options.Target.Dialect == LoadDialect.OpenAi)
        {
            _body = Body(options);
            return;
        }

        var query = $"prompt={Uri.EscapeDataString(options.Prompt)}" + (options.Model is { } model ? $"&model={Uri.EscapeDataString(model)}" : "");
        _url = new UriBuilder(_url) { Query = query }.Uri;
    }

    public HttpRequestMessage Create()
    {
        var request = new HttpRequestMessage(_body is null ? HttpMethod.Get : HttpMethod.Post, _url);
        if (_body is not null)
        {
            request.Content = new ByteArrayContent(_body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        foreach (var (name, value) in _options.Headers) request.Headers.Add(name, value);
        // A stream that is given up here is of no use to anybody: it must not go on in the server.
        if (_body is null && !request.Headers.Contains(OnDisconnect)) request.Headers.Add(OnDisconnect, "cancel");
        return request;
    }

    private static byte[] Body(LoadOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (options.Model is { } model) json.WriteString("model"u8, model);
        json.WriteBoolean("stream"u8, true);
        json.WriteStartArray("messages"u8);
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteString("content"u8, options.Prompt);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
