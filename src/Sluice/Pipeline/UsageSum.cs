using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sluice.Pipeline;

/// <summary>Adds up what several calls of one question have told about their tokens.</summary>
internal static class UsageSum
{
    /// <summary>The sum of two usage objects: counts are added, at every level; what only one has stays.</summary>
    /// <param name="one">A JSON object; empty for nothing.</param>
    /// <param name="other">A JSON object; empty for nothing.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        if (one.IsEmpty || other.IsEmpty)
        {
            return one.IsEmpty ? other : one;
        }

        var output = new ArrayBufferWriter<byte>(one.Length + other.Length);
        using var first = JsonDocument.Parse(one);
        using var second = JsonDocument.Parse(other);
        try
        {
            using var json = new Utf8JsonWriter(output);
            Write(json, first.RootElement, second.RootElement);
        }
        catch (InvalidOperationException)
        {
            // A name in one of them holds half of a character: legal JSON, but it cannot be read as text.
            return other;
        }

        return output.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, JsonElement one, JsonElement other)
    {
        json.WriteStartObject();
        foreach (var field in other.EnumerateObject())
        {
            json.WritePropertyName(field.Name);
            var value = field.Value;
            if (one.TryGetProperty(field.Name, out var before) && before.ValueKind == value.ValueKind && value.ValueKind == JsonValueKind.Object)
            {
                Write(json, before, value);
            }
            else if (before.ValueKind == JsonValueKind.Number && value.ValueKind == JsonValueKind.Number && before.TryGetInt64(out var a) && value.TryGetInt64(out var b))
            {
                json.WriteNumberValue(a + b);
            }
            else
            {
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value.ValueKind == JsonValueKind.Null && before.ValueKind != JsonValueKind.Undefined ? before : value));
            }
        }

        foreach (var field in one.EnumerateObject())
        {
            if (!other.TryGetProperty(field.Name, out _))
            {
                field.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
