using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Streams;

/// <summary>What a stream has come to: its text so far and what else it said, read from its log and nothing else.</summary>
/// <remarks>Made when someone asks for it, then kept and carried on from where it stands, so that many late joiners cost each event once. Safe for many threads.</remarks>
internal sealed class StreamSnapshot(StreamSession session)
{
    private readonly Lock _lock = new();
    private readonly StreamCursor _cursor = new(session.Log);
    private readonly ArrayBufferWriter<byte> _unread = new();
    private readonly SseEventParser _events = new(int.MaxValue, StreamPositionBytes);
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _reasoning = new();
    private readonly MergedReasoning _merged = new();
    private readonly ToolCalls _toolCalls = new();
    private byte[]? _usage;

    private const int StreamPositionBytes = 64;
    private const int MaxReadBytes = 1 << 20;

    /// <summary>The stream.</summary>
    public StreamSession Session => session;

    /// <summary>How many events it stands for.</summary>
    public long Sequence { get; private set; }

    /// <summary>Whether the terminal event is among them.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The text, JSON-escaped, without the quotes.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>The reasoning, JSON-escaped, without the quotes.</summary>
    public ReadOnlySpan<byte> Reasoning => _reasoning.WrittenSpan;

    /// <summary>The usage object, as JSON; empty while there is none.</summary>
    public ReadOnlySpan<byte> Usage => _usage;

    /// <summary>The tool calls, merged by index.</summary>
    public ToolCalls ToolCalls => _toolCalls;

    /// <summary>Reads on to the end of what is published.</summary>
    public void CatchUp()
    {
        lock (_lock)
        {
            while (_cursor.TryCopyTo(_unread, MaxReadBytes))
            {
                var offset = 0;
                while (_events.Parse(_unread.WrittenMemory, ref offset) == SseParseStatus.Event)
                {
                    Sequence++;
                    session.Dialect.Read(_events.Current.Data, this);
                    _events.ForgetCurrent();
                }

                _events.DetachFromInput();
                _unread.ResetWrittenCount();
            }
        }
    }

    /// <summary>Writes the frames that stand for all up to here, and gives the place to read on.</summary>
    /// <returns>False where the stream has ended in between.</returns>
    public bool TryWrite(IBufferWriter<byte> output, bool isReset, [NotNullWhen(true)] out StreamCursor? cursor)
    {
        lock (_lock)
        {
            cursor = null;
            if (HasEnded)
            {
                return false;
            }

            session.Dialect.WriteSnapshot(output, this, isReset);
            cursor = _cursor.Clone();
            cursor.Sequence = Sequence;
            return true;
        }
    }

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
    }

    /// <summary>Takes a usage object.</summary>
    public void SetUsage(ReadOnlySpan<byte> usage)
    {
        if (!usage.IsEmpty)
        {
            _usage = usage.ToArray();
        }
    }

    /// <summary>The terminal event was read.</summary>
    public void End() => HasEnded = true;
}
