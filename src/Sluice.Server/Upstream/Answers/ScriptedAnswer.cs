using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Server.Upstream.Answers;

/// <summary>The answer that the scripted upstream always gives: token i is a fixed function of i.</summary>
/// <remarks>
/// Every token ends with its own number, so a lost, repeated or swapped token changes the text. The phrases are what breaks
/// naive readers: text outside the basic plane, escapes, line ends, and JSON or SSE syntax inside the text.
/// Safe for any thread.
/// </remarks>
internal static class ScriptedAnswer
{
    /// <summary>The most bytes that one token takes as JSON, quotes not counted.</summary>
    public const int MaxTokenBytes = 256;

    private static readonly string[] Phrases =
    [
        "你好，", "世界", "🚀", "\"quoted\"", "back\\slash", "naïve café", "第一行\n第二行\t", "`var x = 1;`",
        "data: [DONE]\n\n", "👩‍💻", "{\"error\":{\"code\":\"429\"}}", "<b>&amp;</b>", "مرحبا",
        "\"finish_reason\":\"stop\"", "\u2028", "```csharp\nvar s = \"流\";\n```\n",
    ];

    // Half of the phrases leave as raw UTF-8, half as \u escapes: both are legal JSON and both are met in the field.
    private static readonly byte[][] Encoded = [.. Phrases.Select(static (phrase, i) => Encode(phrase, escaped: i % 2 == 1))];

    /// <summary>Token <paramref name="index"/> of the answer, counted from 0.</summary>
    public static string Token(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{Phrases[index % Phrases.Length]}{index} ");

    /// <summary>The first <paramref name="tokens"/> tokens, joined.</summary>
    public static string Text(int tokens)
    {
        var text = new StringBuilder();
        for (var i = 0; i < tokens; i++) text.Append(Token(i));
        return text.ToString();
    }

    /// <summary>Writes token <paramref name="index"/> as the inside of a JSON string, without a string in between.</summary>
    public static void WriteJson(int index, IBufferWriter<byte> output)
    {
        var phrase = Encoded[index % Encoded.Length];
        var span = output.GetSpan(MaxTokenBytes);
        phrase.CopyTo(span);
        index.TryFormat(span[phrase.Length..], out var digits, provider: CultureInfo.InvariantCulture);
        span[phrase.Length + digits] = (byte)' ';
        output.Advance(phrase.Length + digits + 1);
    }

    /// <summary>Where an answer that already begins with <paramref name="prefix"/> goes on.</summary>
    /// <returns>The token to go on with and how many of its characters are there already; null if the prefix is not ours.</returns>
    public static (int Token, int Skip)? Resume(string prefix)
    {
        var position = 0;
        for (var i = 0; ; i++)
        {
            if (position == prefix.Length) return (i, 0);
            var token = Token(i);
            var rest = prefix.AsSpan(position);
            if (rest.Length < token.Length) return token.AsSpan().StartsWith(rest, StringComparison.Ordinal) ? (i, rest.Length) : null;
            if (!rest.StartsWith(token, StringComparison.Ordinal)) return null;
            position += token.Length;
        }
    }

    private static byte[] Encode(string phrase, bool escaped) =>
        Encoding.UTF8.GetBytes(escaped ? JsonEncodedText.Encode(phrase, JavaScriptEncoder.Default).ToString() : JsonText.Escape(phrase));
}
