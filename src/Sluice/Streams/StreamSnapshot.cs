using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Streams;

/// <summary>What a stream has come to: its text so far and what else it said, read from its log and nothing else.</summary>
/// <remarks>Made when someone asks for it or the log grows over its cap, then kept and carried on from where it stands, so that many late joiners cost
/// each event once. Safe for many threads.</remarks>
internal sealed class StreamSnapshot : IDisposable
{
    private const int StreamPositionBytes = 64;

    // Read into here and parsed at once, under the lock; nothing awaits in between, so streams on one thread can share it.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _unread;

    private readonly Lock _lock = new();
    private readonly StreamCursor _cursor;
    private readonly StreamMemory _memory;
    private readonly SseEventParser _events = new(int.MaxValue, StreamPositionBytes);
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _reasoning = new();
    private readonly SnapshotPieces? _textPieces;
    private readonly SnapshotPieces? _reasoningPieces;
    private MergedReasoning _merged;
    private readonly ToolCalls _toolCalls = new();
    private byte[]? _usage;
    private byte[]? _finishReason;
    private byte[]? _model;
    private long _held;

    /// <summary>A snapshot that stands for nothing yet.</summary>
    /// <param name="session">The stream, of whose log nothing has been dropped.</param>
    /// <param name="memory">Counts the bytes.</param>
    public StreamSnapshot(StreamSession session, StreamMemory memory)
    {
        Session = session;
        _memory = memory;
        _cursor = new StreamCursor(session.Log);
        if (!session.Dialect.KnowsReset)
        {
            _textPieces = new SnapshotPieces();
            _reasoningPieces = new SnapshotPieces();
        }
    }

    /// <summary>The stream.</summary>
    public StreamSession Session { get; }

    /// <summary>How many events have been read.</summary>
    public long Sequence { get; private set; }

    /// <summary>Whether the terminal event is among them.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The number of the last event that a snapshot for a viewer stands for: the terminal one is always sent itself.</summary>
    public long StandsFor => HasEnded ? Sequence - 1 : Sequence;

    /// <summary>The text, JSON-escaped, without the quotes.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>The reasoning, JSON-escaped, without the quotes.</summary>
    public ReadOnlySpan<byte> Reasoning => _reasoning.WrittenSpan;

    /// <summary>The usage object, as JSON; empty while there is none.</summary>
    public ReadOnlySpan<byte> Usage => _usage;

    /// <summary>The event that told the usage.</summary>
    public long UsageAt { get; private set; }

    /// <summary>The finish reason, JSON-escaped, without the quotes; empty while there is none.</summary>
    public ReadOnlySpan<byte> FinishReason => _finishReason;

    /// <summary>The event that told the finish reason.</summary>
    public long FinishedAt { get; private set; }

    /// <summary>The model that said it answers, JSON-escaped, without the quotes; empty while the log has not told.</summary>
    public ReadOnlySpan<byte> Model => _model;

    /// <summary>How many times all that was said became void.</summary>
    public int Resets { get; private set; }

    /// <summary>The tool calls, merged by index.</summary>
    public ToolCalls ToolCalls => _toolCalls;

    /// <summary>The first event with a tool call; 0 for none.</summary>
    public long FirstToolAt { get; private set; }

    /// <summary>The last event with a tool call; 0 for none.</summary>
    public long LastToolAt { get; private set; }

    /// <summary>The first chunk with text, where the log has chunks; empty otherwise.</summary>
    public ReadOnlyMemory<byte> First { get; set; }

    /// <summary>How many pieces the text came in.</summary>
    public int Pieces { get; private set; }

    /// <summary>Whether the answer has more choices than the one that is read here.</summary>
    public bool IsPartial { get; set; }

    /// <summary>How many bytes the text and what else is kept need; may be read without the lock.</summary>
    public long Length { get; private set; }

    /// <summary>Reads on to the end of what is published.</summary>
    public void CatchUp()
    {
        lock (_lock)
        {
            while (ReadOn())
            {
            }
        }
    }

    /// <summary>Reads on until an event is among what was read. Never waits for others who read.</summary>
    /// <param name="sequence">The event's number, at most what is published.</param>
    /// <returns>False where someone else is reading.</returns>
    public bool TryReadTo(long sequence)
    {
        if (!_lock.TryEnter())
        {
            return false;
        }

        try
        {
            while (Sequence < sequence && ReadOn())
            {
            }

            return Sequence >= sequence;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Reads on to the end of what is published, writes the frames that stand for all up to there, and gives the place to read on.</summary>
    /// <param name="output">Where the frames go.</param>
    /// <param name="after">The number of the last event that the viewer has; 0 for none.</param>
    /// <param name="isReset">Whether what the viewer has shown is void.</param>
    /// <param name="cursor">Where to read on. The caller's.</param>
    /// <returns>False where the dialect has no words for it.</returns>
    public bool TryWrite(IBufferWriter<byte> output, long after, bool isReset, [NotNullWhen(true)] out StreamCursor? cursor)
    {
        lock (_lock)
        {
            CatchUp();
            cursor = null;
            if (!Session.Dialect.WriteSnapshot(output, this, after, isReset))
            {
                return false;
            }

            if (HasEnded)
            {
                cursor = new StreamCursor(Session.Log);
                cursor.Seek(StandsFor);
            }
            else
            {
                cursor = _cursor.Clone();
                cursor.Sequence = Sequence;
            }

            return true;
        }
    }

    /// <summary>The text that came after an event. Only of a dialect whose viewers cannot be told that what they show is void.</summary>
    public ReadOnlySpan<byte> TextAfter(long sequence) => Text[_textPieces!.LengthOf(sequence)..];

    /// <summary>The reasoning that came after an event. Only of a dialect whose viewers cannot be told that what they show is void.</summary>
    public ReadOnlySpan<byte> ReasoningAfter(long sequence) => Reasoning[_reasoningPieces!.LengthOf(sequence)..];

    /// <summary>Runs something while nothing changes.</summary>
    public void Read(Action<StreamSnapshot> reader)
    {
        lock (_lock)
        {
            reader(this);
        }
    }

    /// <summary>Takes text, with reasoning that came in the same piece. Both JSON-escaped.</summary>
    public void Add(ReadOnlySpan<byte> reasoning, ReadOnlySpan<byte> content)
    {
        _reasoning.Write(reasoning);
        _text.Write(_merged.Without(reasoning, content));
        Pieces += content.IsEmpty ? 0 : 1;
    }

    /// <summary>All that was said is void: the text starts again. Only of a dialect whose viewers can be told.</summary>
    public void Clear()
    {
        _text.ResetWrittenCount();
        _reasoning.ResetWrittenCount();
        _merged.Clear();
        _toolCalls.Clear();
        _usage = _finishReason = null;
        Pieces = 0;
        Resets++;
        FirstToolAt = LastToolAt = 0;
    }

    /// <summary>Takes one delta's tool calls, a JSON array.</summary>
    public void AddToolCalls(ReadOnlySpan<byte> json)
    {
        if (!json.IsEmpty)
        {
            _toolCalls.Add(json);
            FirstToolAt = FirstToolAt == 0 ? Sequence : FirstToolAt;
            LastToolAt = Sequence;
        }
    }

    /// <summary>Takes a usage object.</summary>
    public void SetUsage(ReadOnlySpan<byte> usage)
    {
        if (!usage.IsEmpty)
        {
            _usage = usage.ToArray();
            UsageAt = Sequence;
        }
    }

    /// <summary>Takes a finish reason, JSON-escaped, without the quotes.</summary>
    public void SetFinishReason(ReadOnlySpan<byte> reason)
    {
        if (!reason.IsEmpty)
        {
            _finishReason = reason.ToArray();
            FinishedAt = Sequence;
        }
    }

    /// <summary>Takes the model's name, JSON-escaped, without the quotes.</summary>
    public void SetModel(ReadOnlySpan<byte> model) => _model = model.ToArray();

    /// <summary>The terminal event was read.</summary>
    public void End() => HasEnded = true;

    /// <summary>Lets go of the log. Nobody may read any more.</summary>
    public void Dispose()
    {
        _cursor.Dispose();
        _events.Release();
        _memory.Add(-_held);
    }

    private bool ReadOn()
    {
        var unread = _unread ??= new ArrayBufferWriter<byte>();
        if (!_cursor.TryCopyTo(unread, maxBytes: 1))
        {
            return false;
        }

        var offset = 0;
        while (_events.Parse(unread.WrittenMemory, ref offset) == SseParseStatus.Event)
        {
            Take(_events.Current.Data);
            _events.ForgetCurrent();
        }

        _events.DetachFromInput();
        unread.ResetWrittenCount();
        Count();
        return true;
    }

    private void Take(ReadOnlyMemory<byte> data)
    {
        var (text, reasoning) = (_text.WrittenCount, _reasoning.WrittenCount);
        Sequence++;
        Session.Dialect.Read(data, this);
        _textPieces?.Add(_text.WrittenCount - text);
        _reasoningPieces?.Add(_reasoning.WrittenCount - reasoning);
    }

    private void Count()
    {
        var others = _toolCalls.Length + (_usage?.Length ?? 0) + First.Length;
        var held = _text.Capacity + _reasoning.Capacity + (_textPieces?.HeldBytes ?? 0) + (_reasoningPieces?.HeldBytes ?? 0) + others;
        _memory.Add(held - _held);
        _held = held;
        Length = _text.WrittenCount + _reasoning.WrittenCount + others;
    }
}
