using System.Diagnostics;

namespace Sluice.Sse;

/// <summary>
/// Turns the bytes of an event stream into events, whatever pieces they come in.
/// WHATWG HTML, 9.2.6 "Interpreting an event stream".
/// </summary>
/// <remarks>
/// <code>
/// Preamble -> LineStart -> Name -> AfterColon -> Value -+
///                 ^ |                                   |
///                 | +- ':' comment ---------------------+
///                 +------- CR, LF or CRLF --------------+
/// </code>
/// Each byte is looked at once and copied at most once. A first data line that lies in one piece is not copied at all
/// but borrowed, until <see cref="DetachFromInput"/>.
/// </remarks>
internal sealed class SseEventParser(SseReaderOptions options)
{
    private readonly int _maxEventBytes = options.MaxEventBytes;
    private readonly int _maxIdBytes = options.MaxEventIdBytes;

    // The line.
    private State _state = State.Preamble;
    private SseField _field;
    private SseFieldName _name;
    private int _nameLength;
    private int _commentBytes;
    private bool _skipLineFeed;
    private SseRetryField _retry;
    private SseScratch _idLine;
    private bool _idLineIsIgnored;

    // The event.
    private int _eventBytes;
    private int _eventBytesBeforeLine;
    private bool _hasData;
    private bool _mayBorrow;
    private ReadOnlyMemory<byte> _borrowed;
    private SseScratch _data;
    private SseScratch _eventType;
    private bool _isHandedOut;
    private SseScratch _pendingId;
    private bool _hasPendingId;

    // The stream.
    private SseScratch _lastEventId;
    private long _comments;

    private enum State
    {
        Preamble,
        LineStart,
        Name,
        AfterColon,
        Value,
        Failed,
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public SseEvent Current { get; private set; }

    public SseFormatError Error { get; private set; }

    public TimeSpan? Retry { get; private set; }

    public long Comments => Volatile.Read(ref _comments);

    public ReadOnlyMemory<byte> LastEventId => _lastEventId.Written;

    /// <summary>Reads on in a piece of input, up to the end of an event or of the piece.</summary>
    /// <param name="piece">The piece; it must stay as it is until <see cref="DetachFromInput"/>.</param>
    /// <param name="offset">Where to read on; moved behind what was taken.</param>
    public SseParseStatus Parse(ReadOnlyMemory<byte> piece, ref int offset)
    {
        if (_state == State.Failed)
            return SseParseStatus.Failed;
        ReadOnlySpan<byte> input = piece.Span;
        while (offset < input.Length)
        {
            bool withinLimits = true;
            switch (_state)
            {
                case State.LineStart:
                    if (StartLine(input, ref offset))
                        return SseParseStatus.Event;
                    break;
                case State.Name:
                    withinLimits = ReadName(input, ref offset);
                    break;
                case State.AfterColon:
                    // Exactly one space is optional; a second one belongs to the value.
                    if (input[offset] == (byte)' ')
                    {
                        withinLimits = Count(1);
                        offset++;
                    }

                    _state = State.Value;
                    break;
                case State.Value:
                    withinLimits = ReadValue(piece, input, ref offset);
                    break;
                default:
                    withinLimits = SkipByteOrderMark(input, ref offset);
                    break;
            }

            if (!withinLimits)
            {
                ReleaseEvent();
                _state = State.Failed;
                return SseParseStatus.Failed;
            }
        }

        return SseParseStatus.NeedInput;
    }

    /// <summary>Takes the end of the input for the end of the line and of the event.</summary>
    /// <returns>Whether an event was pending; it is in <see cref="Current"/>.</returns>
    public bool End()
    {
        if (_state == State.Name)
            StartValue(_name.Resolve(_nameLength));
        // A cut id or retry would be a wrong one: only data and event take effect without their line's end.
        _state = State.LineStart;
        if (!_hasData)
            return false;
        HandOut(_data.Written, isTerminated: false);
        return true;
    }

    /// <summary>Copies what is borrowed from the input, so that the input may be given back.</summary>
    public void DetachFromInput()
    {
        ReadOnlyMemory<byte> borrowed = _borrowed;
        _borrowed = default;
        _data.Append(borrowed.Span, _maxEventBytes);
    }

    /// <summary>Forgets the event that was handed out, if one was: the part of an event that waits for its rest stays.</summary>
    public void ForgetCurrent()
    {
        if (!_isHandedOut)
            return;
        _isHandedOut = false;
        Current = default;
        StartEvent();
    }

    /// <summary>Gives back what an idle stream does not need; the part of an event that is there stays.</summary>
    public void Rest()
    {
        if (_data.Length == 0)
            _data.Release();
        if (_eventType.Length == 0)
            _eventType.Release();
    }

    /// <summary>Gives back everything.</summary>
    public void Release()
    {
        ReleaseEvent();
        _lastEventId.Release();
    }

    private void ReleaseEvent()
    {
        Current = default;
        _borrowed = default;
        _hasData = false;
        _data.Release();
        _eventType.Release();
        _idLine.Release();
        _pendingId.Release();
    }

    private bool SkipByteOrderMark(ReadOnlySpan<byte> input, ref int offset)
    {
        // _nameLength counts the matched bytes: should the third not come, they are the start of a field's name.
        if (input[offset] == ByteOrderMark[_nameLength])
        {
            offset++;
            if (++_nameLength == ByteOrderMark.Length)
                _state = State.LineStart;
            return true;
        }

        int matched = _nameLength;
        _state = State.LineStart;
        if (matched == 0)
            return true;
        StartName();
        _nameLength = _name.Append(0, ByteOrderMark[..matched]);
        return Count(matched);
    }

    private bool StartLine(ReadOnlySpan<byte> input, ref int offset)
    {
        byte first = input[offset];
        if (_skipLineFeed)
        {
            _skipLineFeed = false;
            if (first == (byte)'\n')
            {
                offset++;
                return false;
            }
        }

        if (first is (byte)'\n' or (byte)'\r')
        {
            offset++;
            _skipLineFeed = first == (byte)'\r';
            return EndEvent();
        }

        if (first == (byte)':')
        {
            _field = SseField.Comment;
            _commentBytes = 0;
            _state = State.Value;
        }
        else
        {
            StartName();
        }

        return false;
    }

    private void StartName()
    {
        _field = SseField.Unknown;
        _eventBytesBeforeLine = _eventBytes;
        _nameLength = 0;
        _state = State.Name;
    }

    private bool ReadName(ReadOnlySpan<byte> input, ref int offset)
    {
        ReadOnlySpan<byte> rest = input[offset..];
        if (_nameLength == 0 && rest.StartsWith("data:"u8))
        {
            offset += 5;
            StartValue(SseField.Data);
            _state = State.AfterColon;
            return Count(5);
        }

        int end = rest.IndexOfAny((byte)':', (byte)'\r', (byte)'\n');
        int length = end < 0 ? rest.Length : end;
        _nameLength = _name.Append(_nameLength, rest[..length]);
        offset += length;
        if (!Count(length))
            return false;
        if (end < 0)
            return true;

        StartValue(_name.Resolve(_nameLength));
        if (rest[end] != (byte)':')
        {
            // A line without a colon is a field with an empty value.
            EndLine(rest[end], ref offset);
            return true;
        }

        offset++;
        _state = State.AfterColon;
        return Count(1);
    }

    private void StartValue(SseField field)
    {
        _field = field;
        switch (field)
        {
            case SseField.Data:
                if (_hasData)
                {
                    DetachFromInput();
                    _data.Append("\n"u8, _maxEventBytes);
                }

                _mayBorrow = !_hasData;
                _hasData = true;
                break;
            case SseField.Event:
                _eventType.Clear();
                break;
            case SseField.Id:
                _idLine.Clear();
                _idLineIsIgnored = false;
                break;
            case SseField.Retry:
                _retry = default;
                break;
        }
    }

    private bool ReadValue(ReadOnlyMemory<byte> piece, ReadOnlySpan<byte> input, ref int offset)
    {
        ReadOnlySpan<byte> rest = input[offset..];
        int end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        int length = end < 0 ? rest.Length : end;
        if (!Count(length))
            return false;
        AddToValue(piece.Slice(offset, length), isWhole: end >= 0);
        offset += length;
        if (end >= 0)
            EndLine(rest[end], ref offset);
        return true;
    }

    private void AddToValue(ReadOnlyMemory<byte> part, bool isWhole)
    {
        switch (_field)
        {
            case SseField.Data:
                AddToData(part, isWhole);
                break;
            case SseField.Event:
                _eventType.Append(part.Span, _maxEventBytes);
                break;
            case SseField.Retry:
                _retry.Append(part.Span);
                break;
            case SseField.Id:
                // What is ignored is not kept.
                _idLineIsIgnored |= part.Span.Contains((byte)0) || part.Length > _maxIdBytes - _idLine.Length;
                if (!_idLineIsIgnored)
                    _idLine.Append(part.Span, _maxIdBytes);
                break;
        }
    }

    private void AddToData(ReadOnlyMemory<byte> part, bool isWhole)
    {
        bool borrow = _mayBorrow && isWhole;
        _mayBorrow = false;
#if DEBUG
        // Borrowed memory is not ours to spoil: copied, every broken ownership rule shows.
        borrow = false;
#endif
        if (borrow)
            _borrowed = part;
        else
            _data.Append(part.Span, _maxEventBytes);
    }

    private void EndLine(byte terminator, ref int offset)
    {
        offset++;
        _skipLineFeed = terminator == (byte)'\r';
        _state = State.LineStart;
        switch (_field)
        {
            case SseField.Comment:
                Volatile.Write(ref _comments, _comments + 1);
                break;
            case SseField.Id when !_idLineIsIgnored:
                (_pendingId, _idLine) = (_idLine, _pendingId);
                _hasPendingId = true;
                break;
            case SseField.Retry when _retry.TryGetValue(out TimeSpan retry):
                Retry = retry;
                break;
        }
    }

    private bool EndEvent()
    {
        // The id counts even where nothing is dispatched.
        if (_hasPendingId)
        {
            (_lastEventId, _pendingId) = (_pendingId, _lastEventId);
            _hasPendingId = false;
        }

        if (!_hasData)
        {
            StartEvent();
            return false;
        }

        Debug.Assert(_borrowed.IsEmpty || _data.Length == 0, "Either borrowed or copied.");
        HandOut(_borrowed.IsEmpty ? _data.Written : _borrowed, isTerminated: true);
        return true;
    }

    private void HandOut(ReadOnlyMemory<byte> data, bool isTerminated)
    {
        Current = new SseEvent(data, _eventType.Written, isTerminated);
        _isHandedOut = true;
    }

    private void StartEvent()
    {
        _eventBytes = 0;
        _hasData = false;
        _borrowed = default;
        _data.Clear();
        _eventType.Clear();
    }

    private bool Count(int bytes)
    {
        ref int counted = ref (_field == SseField.Comment ? ref _commentBytes : ref _eventBytes);
        if (bytes <= _maxEventBytes - counted)
        {
            counted += bytes;
            return true;
        }

        // Told apart by what came before the line: how the bytes were cut must not change the answer.
        Error = _field == SseField.Comment || _eventBytesBeforeLine == 0
            ? SseFormatError.LineTooLong
            : SseFormatError.EventTooLong;
        return false;
    }
}
