using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Writes chunks of one answer under the name of another, so that a reader sees one stream: its id, its time, its model, no second role.</summary>
/// <param name="first">The chunk whose name they take; empty where they keep their own.</param>
internal sealed class ContinuedChunk(ReadOnlyMemory<byte> first)
{
    private readonly byte[]? _id = Field(first, "id"u8);
    private readonly byte[]? _created = Field(first, "created"u8);
    private readonly byte[]? _model = Field(first, "model"u8);

    /// <summary>The chunk under the other name.</summary>
    /// <param name="json">The chunk.</param>
    /// <param name="usage">What takes the place of its usage; empty where that stays.</param>
    /// <param name="hadRole">Whether it named a role, which is left out.</param>
    public ChatChunk Renamed(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> usage, out bool hadRole) => Write(json, text: null, isWhole: true, usage, out hadRole);

    /// <summary>The chunk under the other name, without its text.</summary>
    public ChatChunk Emptied(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> usage) => Write(json, [], isWhole: true, usage, out _);

    /// <summary>A chunk like another, with nothing in it but a text.</summary>
    /// <param name="like">A chunk with text.</param>
    /// <param name="text">JSON-escaped, without the quotes.</param>
    public ChatChunk Text(ReadOnlyMemory<byte> like, ReadOnlySpan<byte> text) => Write(like, text.ToArray(), isWhole: false, default, out _);

    private static byte[]? Field(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (JsonMarshal.GetRawUtf8PropertyName(field).SequenceEqual(name))
            {
                return JsonMarshal.GetRawUtf8Value(field.Value).ToArray();
            }
        }

        return null;
    }

    private ChatChunk Write(ReadOnlyMemory<byte> json, byte[]? text, bool isWhole, ReadOnlyMemory<byte> usage, out bool hadRole)
    {
        hadRole = false;
        var output = new ArrayBufferWriter<byte>(json.Length + (text?.Length ?? 0) + 64);
        using var document = JsonDocument.Parse(json);
        var separator = (byte)'{';
        foreach (var field in document.RootElement.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(field);
            if (!isWhole && name.SequenceEqual("usage"u8))
            {
                continue;
            }

            Name(output, ref separator, name);
            if (name.SequenceEqual("choices"u8) && field.Value.ValueKind == JsonValueKind.Array)
            {
                WriteChoices(output, field.Value, text, isWhole, ref hadRole);
                continue;
            }

            var other = name.SequenceEqual("id"u8) ? _id : name.SequenceEqual("created"u8) ? _created : name.SequenceEqual("model"u8) ? _model : null;
            output.Write(other ?? (!usage.IsEmpty && name.SequenceEqual("usage"u8) && field.Value.ValueKind == JsonValueKind.Object
                ? usage.Span : JsonMarshal.GetRawUtf8Value(field.Value)));
        }

        output.Write(separator == (byte)'{' ? "{}"u8 : "}"u8);
        return ChatChunk.TryParse(output.WrittenMemory, out var chunk) ? chunk : throw new InvalidOperationException("A chunk was not JSON any more once it was renamed.");
    }

    private static void WriteChoices(ArrayBufferWriter<byte> output, JsonElement choices, byte[]? text, bool isWhole, ref bool hadRole)
    {
        var separator = (byte)'[';
        foreach (var choice in choices.EnumerateArray())
        {
            output.Write([separator]);
            separator = (byte)',';
            if (choice.ValueKind != JsonValueKind.Object)
            {
                output.Write(JsonMarshal.GetRawUtf8Value(choice));
                continue;
            }

            var between = (byte)'{';
            foreach (var field in choice.EnumerateObject())
            {
                var name = JsonMarshal.GetRawUtf8PropertyName(field);
                Name(output, ref between, name);
                if (name.SequenceEqual("delta"u8) && field.Value.ValueKind == JsonValueKind.Object)
                {
                    WriteDelta(output, field.Value, text, isWhole, ref hadRole);
                }
                else if (!isWhole && name.SequenceEqual("finish_reason"u8))
                {
                    output.Write("null"u8);
                }
                else
                {
                    output.Write(JsonMarshal.GetRawUtf8Value(field.Value));
                }
            }

            output.Write(between == (byte)'{' ? "{}"u8 : "}"u8);
        }

        output.Write(separator == (byte)'[' ? "[]"u8 : "]"u8);
    }

    private static void WriteDelta(ArrayBufferWriter<byte> output, JsonElement delta, byte[]? text, bool isWhole, ref bool hadRole)
    {
        var separator = (byte)'{';
        foreach (var field in delta.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(field);
            if (name.SequenceEqual("role"u8))
            {
                hadRole = true;
                continue;
            }

            // The text stands in the one of the two that is not empty.
            var value = JsonMarshal.GetRawUtf8Value(field.Value);
            var isText = field.Value.ValueKind == JsonValueKind.String && value.Length > 2 && (name.SequenceEqual("content"u8) || name.SequenceEqual("refusal"u8));
            if (!isWhole && !isText)
            {
                continue;
            }

            Name(output, ref separator, name);
            if (text is not null && isText)
            {
                output.Write("\""u8);
                output.Write(text);
                output.Write("\""u8);
            }
            else
            {
                output.Write(value);
            }
        }

        output.Write(separator == (byte)'{' ? "{}"u8 : "}"u8);
    }

    private static void Name(ArrayBufferWriter<byte> output, ref byte separator, ReadOnlySpan<byte> name)
    {
        output.Write([separator]);
        output.Write("\""u8);
        output.Write(name);
        output.Write("\":"u8);
        separator = (byte)',';
    }
}
