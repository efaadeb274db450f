using System.Text.Json;

namespace Sluice.Chat;

/// <summary>How much text stands in a piece of JSON: what an estimate of tokens is made from.</summary>
internal static class ChatText
{
    /// <summary>The bytes of all strings in the value that the reader stands on, as they stand in the JSON. Names are not counted, nor what is no text for a model or no text at all: roles, ids, images.</summary>
    /// <param name="reader">Stands on the value; behind the call on its last token.</param>
    public static long BytesIn(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var isText = true;
        var bytes = 0L;
        do
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isText = !IsOther(reader.ValueSpan);
            }
            else if (reader.TokenType == JsonTokenType.String && isText)
            {
                bytes += reader.ValueSpan.Length;
            }
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
        return bytes;
    }

    /// <summary>The same for one field of an object.</summary>
    /// <param name="json">The object, whole and valid.</param>
    /// <param name="name">The field.</param>
    /// <returns>0 where there is no such field.</returns>
    public static long BytesIn(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = JsonName.Is(in reader, name);
            reader.Read();
            if (isIt)
            {
                return BytesIn(ref reader);
            }

            reader.Skip();
        }

        return 0;
    }

    private static bool IsOther(ReadOnlySpan<byte> name) => name.SequenceEqual("role"u8) || name.SequenceEqual("type"u8) || name.SequenceEqual("id"u8)
        || name.SequenceEqual("url"u8) || name.SequenceEqual("data"u8) || name.SequenceEqual("file_data"u8) || name.SequenceEqual("finish_reason"u8);
}
