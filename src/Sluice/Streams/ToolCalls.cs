using System.Text;
using System.Text.Json;

namespace Sluice.Streams;

/// <summary>Tool calls put together from their deltas, by index.</summary>
internal sealed class ToolCalls
{
    private readonly SortedDictionary<int, Call> _calls = [];

    /// <summary>About how many bytes they need.</summary>
    public int Length { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _calls.Clear();
        Length = 0;
    }

    /// <summary>Takes one delta's <c>tool_calls</c>.</summary>
    /// <param name="json">The JSON array. Anything else is passed over.</param>
    public void Add(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return;
        }

        Length += json.Length;
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        foreach (var delta in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : default)
        {
            if (delta.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var index = delta.TryGetProperty("index"u8, out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt32(out var number) ? number : 0;
            if (!_calls.TryGetValue(index, out var call))
            {
                _calls[index] = call = new Call();
            }

            call.Id = Text(delta, "id") ?? call.Id;
            if (delta.TryGetProperty("function"u8, out var function) && function.ValueKind == JsonValueKind.Object)
            {
                call.Name = Text(function, "name") ?? call.Name;
                call.Arguments.Append(Text(function, "arguments"));
            }
        }
    }

    /// <summary>Writes them as an array.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var (index, call) in _calls)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, index);
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Whether there are any.</summary>
    public bool Any => _calls.Count > 0;

    // "" and null mean absent; half of a surrogate pair cannot be text.
    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class Call
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
