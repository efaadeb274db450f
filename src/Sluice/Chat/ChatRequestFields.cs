using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sluice.Chat;

/// <summary>What Sluice reads in a request body, and where it stands, so that it can be replaced without touching anything else.</summary>
internal sealed class ChatRequestFields
{
    private const int MaxDepth = 64;
    private const long MostTokens = 1_000_000_000;
    private const long MostChoices = 1000;

    private static readonly string[] Forbidden = ["base_url", "api_base", "api_key", "extra_headers"];

    private Range? _model;
    private Range? _streamOptions;
    private Range? _includeUsage;
    private long? _maxTokens;
    private long _choices = 1;
    private int _afterBrace;
    private bool _isEmpty = true;

    public string? Model { get; private set; }

    public bool Stream { get; private set; }

    public bool IncludeUsage { get; private set; }

    public long TextBytes { get; private set; }

    public long? MaxAnswerTokens => _maxTokens * _choices;

    public static ChatRequestFields Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw new ChatRequestException("The body is not valid UTF-8. Send JSON encoded as UTF-8.") { Code = "invalid_json" };
        }

        try
        {
            // The document is built once to refuse duplicate names at every level; two readers of one body must not see two values.
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ChatRequestException("The body must be one JSON object.") { Code = "invalid_json" };
            }

            foreach (var name in Forbidden)
            {
                if (document.RootElement.TryGetProperty(name, out _))
                {
                    throw new ChatRequestException($"`{name}` is not taken from a request: the upstream and its key come from the server's configuration alone. Remove the field.")
                    { Param = name, Code = "field_not_allowed" };
                }
            }

            var fields = new ChatRequestFields();
            fields.Locate(body.Span);
            return fields;
        }
        catch (JsonException e)
        {
            throw new ChatRequestException($"The body is not valid JSON: {Describe(e)}") { Code = "invalid_json" };
        }
        catch (InvalidOperationException)
        {
            throw new ChatRequestException("The body holds a string that is not valid Unicode (half of a surrogate pair).") { Code = "invalid_json" };
        }
    }

    public static string LastUserText(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessages = reader.ValueTextEquals("messages"u8);
            reader.Read();
            if (isMessages && reader.TokenType == JsonTokenType.StartArray)
            {
                using var messages = JsonDocument.ParseValue(ref reader);
                return LastUserText(messages.RootElement);
            }

            reader.Skip();
        }

        return "";
    }

    public void WriteBody(ReadOnlySpan<byte> body, IBufferWriter<byte> output, string? model, bool askForUsage)
    {
        // 1. Values that stand in the body are replaced there; what is missing is put in front.
        // 2. The body is copied around the replacements.
        var front = new List<string>(2);
        var edits = new List<(Range Where, byte[] What)>(2);
        if (model is not null && !string.Equals(model, Model, StringComparison.Ordinal))
        {
            var value = $"\"{JsonEncodedText.Encode(model).Value}\"";
            if (_model is { } where)
            {
                edits.Add((where, Encoding.UTF8.GetBytes(value)));
            }
            else
            {
                front.Add($"\"model\":{value}");
            }
        }

        if (askForUsage && !IncludeUsage)
        {
            if (_includeUsage is { } flag)
            {
                edits.Add((flag, "true"u8.ToArray()));
            }
            else if (_streamOptions is { } options)
            {
                edits.Add((options, WithUsage(body[options])));
            }
            else
            {
                front.Add("\"stream_options\":{\"include_usage\":true}");
            }
        }

        output.Write(body[.._afterBrace]);
        output.Write(Encoding.UTF8.GetBytes(string.Join(',', front) + (front.Count > 0 && !_isEmpty ? "," : "")));
        edits.Sort(static (a, b) => a.Where.Start.Value.CompareTo(b.Where.Start.Value));
        var at = _afterBrace;
        foreach (var (where, what) in edits)
        {
            output.Write(body[at..where.Start.Value]);
            output.Write(what);
            at = where.End.Value;
        }

        output.Write(body[at..]);
    }

    private static byte[] WithUsage(ReadOnlySpan<byte> options)
    {
        // Null, or an object without the flag.
        if (options[0] != (byte)'{')
        {
            return "{\"include_usage\":true}"u8.ToArray();
        }

        var rest = options[1..].TrimStart(" \t\r\n"u8);
        return rest[0] == (byte)'}'
            ? "{\"include_usage\":true}"u8.ToArray()
            : [.. "{\"include_usage\":true,"u8, .. rest];
    }

    private static string Describe(JsonException e) =>
        e.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase)
            ? "a name stands twice in one object. Send each name once."
            : $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} (nesting is limited to {MaxDepth} levels).";

    private static string LastUserText(JsonElement messages)
    {
        for (var i = messages.GetArrayLength() - 1; i >= 0; i--)
        {
            var message = messages[i];
            if (message.ValueKind != JsonValueKind.Object
                || !message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String || Text(role) != "user"
                || !message.TryGetProperty("content", out var content))
            {
                continue;
            }

            if (content.ValueKind == JsonValueKind.String)
            {
                return Text(content);
            }

            return content.ValueKind != JsonValueKind.Array ? "" : string.Join('\n', content.EnumerateArray()
                .Where(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                .Select(part => Text(part.GetProperty("text"))));
        }

        return "";
    }

    // Half of a surrogate pair, escaped, is legal JSON and goes upstream as it is; only showing it is impossible.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private void Locate(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        _afterBrace = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _isEmpty = false;
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                Model = reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Null => null,
                    _ => throw new ChatRequestException("`model` must be a string.") { Param = "model" },
                };
                _model = Here(ref reader);
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                Stream = reader.TokenType switch
                {
                    JsonTokenType.True => true,
                    JsonTokenType.False or JsonTokenType.Null => false,
                    _ => throw new ChatRequestException("`stream` must be true or false.") { Param = "stream" },
                };
            }
            else if (reader.ValueTextEquals("stream_options"u8))
            {
                reader.Read();
                LocateStreamOptions(ref reader);
            }
            else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8))
            {
                reader.Read();
                _maxTokens = Count(ref reader, MostTokens) ?? _maxTokens;
            }
            else if (reader.ValueTextEquals("n"u8))
            {
                reader.Read();
                _choices = Count(ref reader, MostChoices) ?? 1;
            }
            else if (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("tools"u8))
            {
                reader.Read();
                TextBytes += ChatText.BytesIn(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (Model is { Length: 0 })
        {
            Model = null;
        }
    }

    private void LocateStreamOptions(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            throw new ChatRequestException("`stream_options` must be an object.") { Param = "stream_options" };
        }

        var isObject = reader.TokenType == JsonTokenType.StartObject;
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isUsage)
            {
                IncludeUsage = reader.TokenType == JsonTokenType.True;
                _includeUsage = Here(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        _streamOptions = start..(int)reader.BytesConsumed;
    }

    // A bound that is none is the upstream's to find wrong.
    private static long? Count(ref Utf8JsonReader reader, long most)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var count) && count > 0 ? Math.Min(count, most) : null;
        }

        reader.Skip();
        return null;
    }

    private static Range Here(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
