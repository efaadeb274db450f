using System.Buffers;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Puts what a new call says behind what has been shown: silent until the seam, then chunk by chunk, under the first answer's name.</summary>
/// <param name="seam">Where the new answer goes on with the old one; null where it takes its place.</param>
/// <param name="names">Whose name the chunks take.</param>
/// <param name="spent">The usage of earlier calls; empty where none is known.</param>
/// <param name="output">Takes what goes out.</param>
internal sealed class Splice(Seam? seam, ContinuedChunk names, ReadOnlyMemory<byte> spent, Queue<ChatChunk> output)
{
    private const ChatChunkKind Speaking = ChatChunkKind.Content | ChatChunkKind.Reasoning | ChatChunkKind.Tool;
    private const ChatChunkKind Ending = ChatChunkKind.Finish | ChatChunkKind.Tool | ChatChunkKind.Done;

    private ContinuedChunk _names = names;
    private ReadOnlyMemory<byte> _like;

    /// <summary>Whether the seam has been found: what comes from here on is shown.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether anything of the new call has been shown.</summary>
    public bool HasShown { get; private set; }

    /// <summary>The last usage that the call has told; empty where it has told none.</summary>
    public ReadOnlyMemory<byte> Usage { get; private set; }

    /// <summary>What of the new call has been shown, besides its text.</summary>
    public ChatChunkKind Shown { get; private set; }

    /// <summary>Takes a chunk of the new call.</summary>
    /// <returns>Departed where it cannot go on with what has been shown; nothing has been shown of it then.</returns>
    public SeamState Take(ChatChunk chunk)
    {
        if (chunk.Kind.HasFlag(ChatChunkKind.Usage))
        {
            Usage = chunk.View.Usage.ToArray();
        }

        if (IsOpen)
        {
            Forward(chunk);
            return SeamState.Open;
        }

        if (_like.IsEmpty && !chunk.Content.IsEmpty)
        {
            _like = chunk.Json.ToArray();
        }

        return seam is null ? Replace(chunk) : Seek(seam, chunk);
    }

    /// <summary>Whether what has departed is an answer at all: one that says nothing must not take the place of what was shown.</summary>
    /// <param name="chunk">The chunk that departed.</param>
    public bool IsAnswer(ChatChunk chunk) => !seam!.Said.IsEmpty || (chunk.Kind & Speaking) != ChatChunkKind.Preamble;

    /// <summary>Takes what has departed for a new answer: shows all that the call has said.</summary>
    /// <param name="chunk">The chunk that departed.</param>
    public void StartAnew(ChatChunk chunk)
    {
        Reset();
        Open(chunk, seam!.Said);
    }

    private SeamState Replace(ChatChunk chunk)
    {
        if ((chunk.Kind & Speaking) == ChatChunkKind.Preamble)
        {
            return (chunk.Kind & Ending) == ChatChunkKind.Preamble ? SeamState.Held : SeamState.Departed;
        }

        Reset();
        IsOpen = true;
        Forward(chunk);
        return SeamState.Open;
    }

    private SeamState Seek(Seam seam, ChatChunk chunk)
    {
        var rest = new ArrayBufferWriter<byte>();
        var state = chunk.Content.IsEmpty ? SeamState.Held : seam.Take(chunk.Content, rest);
        if (state == SeamState.Held && (chunk.Kind & Ending) != ChatChunkKind.Preamble)
        {
            state = seam.End(rest);
        }

        if (state == SeamState.Open)
        {
            Open(chunk, rest.WrittenSpan);
        }

        return state;
    }

    // The text first, then what else the chunk at the seam says.
    private void Open(ChatChunk chunk, ReadOnlySpan<byte> text)
    {
        IsOpen = true;
        if (!text.IsEmpty)
        {
            Out(_names.Text(_like, text));
        }

        if (chunk.Kind == ChatChunkKind.Done)
        {
            Forward(chunk);
        }
        else if ((chunk.Kind & (Ending | ChatChunkKind.Usage)) != ChatChunkKind.Preamble)
        {
            Out(_names.Emptied(chunk.Json, UsageSum.Of(spent, Usage)));
        }
    }

    private void Forward(ChatChunk chunk)
    {
        if (chunk.Kind == ChatChunkKind.Done)
        {
            Out(chunk);
        }
        else if (!chunk.Json.IsEmpty)
        {
            var renamed = _names.Renamed(chunk.Json, UsageSum.Of(spent, Usage), out var hadRole);
            if (!hadRole || renamed.Kind != ChatChunkKind.Preamble)
            {
                Out(renamed);
            }
        }
    }

    // A new answer, which speaks for itself.
    private void Reset()
    {
        _names = new ContinuedChunk(default);
        Out(ChatChunk.Reset);
    }

    private void Out(ChatChunk chunk)
    {
        HasShown = true;
        Shown |= chunk.Kind;
        output.Enqueue(chunk);
    }
}
