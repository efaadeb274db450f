using System.Text.Json;

namespace Sluice.Chat;

/// <summary>Compares the property name that a reader stands on.</summary>
internal static class JsonName
{
    /// <summary>Whether the name is <paramref name="name"/>, escaped or not.</summary>
    /// <remarks>Half of a surrogate pair, escaped, is legal JSON, but no text: <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/> throws on it.</remarks>
    public static bool Is(ref readonly Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.SequenceEqual(name);
        }

        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
