using System.Globalization;
using System.Text;

namespace Sluice.Server.Upstream.Answers;

/// <summary>The inside of a JSON string as providers write it: UTF-8 as it is, escaped only what must be (RFC 8259, section 7).</summary>
internal static class JsonText
{
    public static string Escape(string text)
    {
        var json = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.ToString();
    }
}
