using System.Globalization;
using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>Writes texts as upstreams do, in pieces and escapes of any kind, and reads them as clients do.</summary>
internal static class SpokenText
{
    /// <summary>The pieces of a text, each the body of a JSON string; a cut may fall between the halves of a pair.</summary>
    public static List<string> Pieces(string text, Random random)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(text.Length - at, 1 + random.Next(4));
            pieces.Add(Escape(text.Substring(at, length), random));
            at += length;
        }

        return pieces;
    }

    public static string Escape(string piece, Random random)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < piece.Length; i++)
        {
            var isPair = i + 1 < piece.Length && char.IsSurrogatePair(piece[i], piece[i + 1]);
            if (isPair && random.Next(2) == 0)
            {
                escaped.Append(piece, i++, 2);
            }
            else if (char.IsSurrogate(piece[i]) || piece[i] is < (char)32 and not '\n' || random.Next(4) == 0)
            {
                escaped.Append("\\u").Append(((int)piece[i]).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(piece[i] switch { '\n' => "\\n", '"' => "\\\"", '\\' => "\\\\", '/' => random.Next(2) == 0 ? "\\/" : "/", var other => other.ToString() });
            }
        }

        return escaped.ToString();
    }

    /// <summary>The text of escaped pieces joined.</summary>
    public static string Read(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder();
        var reader = new EscapedText(escaped);
        while (reader.TryRead(out var unit))
        {
            text.Append(unit);
        }

        return text.ToString();
    }
}
