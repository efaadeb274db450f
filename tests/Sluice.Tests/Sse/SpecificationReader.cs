using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Sse;

/// <summary>WHATWG 9.2.6 word by word over a whole text, slow and plain: what the reader is compared with.</summary>
internal static partial class SpecificationReader
{
    public static List<SeenEvent> Read(string stream)
    {
        if (stream.StartsWith('\uFEFF'))
            stream = stream[1..];
        List<SeenEvent> events = [];
        StringBuilder data = new();
        string type = "", idBuffer = "", id = "";
        string[] lines = LineEnd().Split(stream);
        foreach (string line in lines[..^1])
        {
            if (line.Length != 0)
            {
                Process(line, isWhole: true);
                continue;
            }

            id = idBuffer;
            if (data.Length > 0)
                events.Add(SeenEvent.Of(data.ToString(0, data.Length - 1), type, id));
            data.Clear();
            type = "";
        }

        // Not in the specification, which drops it: what is pending at the end is given as unterminated.
        Process(lines[^1], isWhole: false);
        if (data.Length > 0)
            events.Add(SeenEvent.Of(data.ToString(0, data.Length - 1), type, id, isTerminated: false));
        return events;

        void Process(string line, bool isWhole)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon < 0 ? line : line[..colon];
            string value = colon < 0 ? "" : line[(colon + 1)..];
            if (value.StartsWith(' '))
                value = value[1..];
            switch (name)
            {
                case "event":
                    type = value;
                    break;
                case "data":
                    data.Append(value).Append('\n');
                    break;
                case "id" when isWhole && !value.Contains('\0', StringComparison.Ordinal):
                    idBuffer = value;
                    break;
            }
        }
    }

    [GeneratedRegex("\r\n|\r|\n", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LineEnd();
}
