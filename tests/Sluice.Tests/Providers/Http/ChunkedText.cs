using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Providers.Http;

namespace Sluice.Tests.Providers.Http;

/// <summary>What a chunked body says, read in the simplest way: as a whole.</summary>
/// <param name="Content">The content, as far as it goes; one char per byte.</param>
/// <param name="End">Where the body ends, in bytes; -1 where it does not end, -2 where it breaks the rules.</param>
internal sealed partial record ChunkedText(string Content, int End)
{
    public const int Unfinished = -1;
    public const int Invalid = -2;

    /// <summary>The oracle.</summary>
    public static ChunkedText Read(string body)
    {
        var content = "";
        var at = 0;
        while (true)
        {
            if (SizeLine().Match(body, at) is not { Success: true } size)
            {
                return new(content, body.IndexOf('\n', at) < 0 ? Unfinished : Invalid);
            }

            at += size.Length;
            var length = long.Parse(size.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                var trailers = Trailers().Match(body, at);
                return new(content, trailers.Success ? at + trailers.Length : Unfinished);
            }

            if (length >= body.Length - at)
            {
                return new(content + body[at..], Unfinished);
            }

            content += body.Substring(at, (int)length);
            at += (int)length;
            if (body.IndexOf('\n', at) < 0)
            {
                return new(content, Unfinished);
            }

            var end = EmptyLine().Match(body, at);
            if (!end.Success)
            {
                return new(content, Invalid);
            }

            at += end.Length;
        }
    }

    /// <summary>The same out of the decoder under test, fed in pieces.</summary>
    /// <param name="pieces">The body, cut anywhere.</param>
    public static ChunkedText Decode(IEnumerable<byte[]> pieces)
    {
        var chunks = default(Http1Chunks);
        List<char> content = [];
        byte[] unread = [];
        var total = 0;
        try
        {
            foreach (var piece in pieces)
            {
                unread = [.. unread, .. piece];
                int length;
                do
                {
                    length = chunks.Next(unread, out var taken);
                    content.AddRange(unread.AsSpan(taken, length).ToArray().Select(b => (char)b));
                    unread = unread[(taken + length)..];
                    total += taken + length;
                }
                while (length > 0);
            }
        }
        catch (HttpIOException e) when (e.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            return new(string.Concat(content), Invalid);
        }

        return new(string.Concat(content), chunks.IsAtEnd ? total : Unfinished);
    }

    [GeneratedRegex(@"\G([0-9A-Fa-f]{1,15})(?![0-9A-Fa-f])[ \t]*(?:;[^\n]*)?\r*\n", RegexOptions.None, 10_000)]
    private static partial Regex SizeLine();

    [GeneratedRegex(@"\G\r*\n", RegexOptions.None, 10_000)]
    private static partial Regex EmptyLine();

    [GeneratedRegex(@"\G(?:[^\n]*[^\n\r]\r*\n)*\r*\n", RegexOptions.None, 10_000)]
    private static partial Regex Trailers();
}
