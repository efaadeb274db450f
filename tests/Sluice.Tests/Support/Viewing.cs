using System.IO.Pipelines;
using System.Text;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Tests.Support;

/// <summary>Viewers without sockets, and what a client makes of what it got.</summary>
internal static class Viewing
{
    /// <summary>A stream in one of the dialects, not started.</summary>
    public static StreamSession Open(this StreamBench bench, bool isNative, DisconnectPolicy policy) => isNative
        ? bench.Hub.OpenNative(ChatRequest.FromQuestion("hi"), "chat", policy)
        : bench.Hub.OpenOpenAi(ChatRequest.Parse("""{"stream":true}"""u8.ToArray()), "m", policy);

    /// <summary>Starts a stream behind its first viewer, which leaves at once or when the test says so.</summary>
    public static StreamViewer Start(this StreamBench bench, StreamSession session)
    {
        var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        return viewer;
    }

    /// <summary>Reads from behind an event to the end.</summary>
    public static async Task<byte[]> ReadFromAsync(this StreamSession session, long after)
    {
        var output = new MemoryStream();
        using var viewer = session.TryAttach(CancellationToken.None, after);
        Assert.NotNull(viewer);
        await viewer.RunAsync(PipeWriter.Create(output)).Soon();
        return output.ToArray();
    }

    /// <summary>What a client has taken of the bytes it got: whole events, up to their last empty line.</summary>
    public static (byte[] Whole, long Last, string? Id) Taken(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf("\n\n"u8);
        if (end < 0)
        {
            return ([], 0, null);
        }

        var whole = bytes[..(end + 2)].ToArray();
        var text = Encoding.UTF8.GetString(whole);
        var id = text[(text.LastIndexOf("id: ", StringComparison.Ordinal) + 4)..].Split('\n')[0];
        return (whole, long.Parse(id[(id.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture), id);
    }
}
