using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sluice.Tests.Support;

/// <summary>What a client shows of a stream, through all its connections: it takes whole events only, and checks their numbers.</summary>
internal sealed class ShownAnswer(bool isNative)
{
    private readonly StringBuilder _text = new();

    /// <summary>The number of the last event that it has.</summary>
    public long Last { get; private set; }

    /// <summary>The text that it shows.</summary>
    public string Text => _text.ToString();

    /// <summary>The terminal event: <c>end</c>, <c>error</c>, <c>cancelled</c>, or <c>[DONE]</c>; null before.</summary>
    public string? Terminal { get; private set; }

    /// <summary>How many snapshots it got.</summary>
    public int Snapshots { get; private set; }

    /// <summary>Takes what a connection brought, as far as its events are whole.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf("\n\n"u8);
        foreach (var frame in Encoding.UTF8.GetString(bytes[..(end + 1)]).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = frame.Trim('\n').Split('\n').Where(line => line != ": ping").ToArray();
            Assert.Equal(2, lines.Length);
            Assert.Null(Terminal);
            var sequence = long.Parse(lines[0][(lines[0].LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture);
            var data = lines[1]["data: ".Length..];
            if (data == "[DONE]")
            {
                Is(sequence);
                Terminal = data;
                continue;
            }

            using var json = JsonDocument.Parse(data);
            if (isNative)
            {
                TakeNative(json.RootElement, sequence);
            }
            else
            {
                TakeOpenAi(json.RootElement, sequence);
            }
        }
    }

    private void TakeNative(JsonElement root, long sequence)
    {
        var type = root.GetProperty("type").GetString()!;
        switch (type)
        {
            case "snapshot":
                Assert.Equal(sequence, root.GetProperty("seq").GetInt64());
                Jump(sequence);
                _text.Clear().Append(root.GetProperty("text").GetString());
                return;
            case "delta":
                _text.Append(root.GetProperty("content").GetString());
                break;
            case "end" or "error" or "cancelled":
                Assert.Equal(Text, root.GetProperty("answer").GetString());
                Terminal = type;
                break;
        }

        Is(sequence);
    }

    private void TakeOpenAi(JsonElement root, long sequence)
    {
        if (root.TryGetProperty("error", out _))
        {
            Is(sequence);
            Terminal = "error";
            return;
        }

        // The text that was missed comes in one chunk of the server's own.
        if (root.TryGetProperty("id", out var id) && id.GetString()!.StartsWith("st_", StringComparison.Ordinal))
        {
            Jump(sequence);
        }
        else
        {
            Is(sequence);
        }

        _text.Append(root.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "");
    }

    private void Is(long sequence) => Assert.Equal(++Last, sequence);

    private void Jump(long sequence)
    {
        Assert.True(sequence >= Last, $"a snapshot of {sequence} for who has {Last}");
        Snapshots++;
        Last = sequence;
    }
}
