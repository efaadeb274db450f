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
/// Each byte is looked at once, and copied at most once.
/// </remarks>
internal sealed class SseEventParser(int maxEventBytes, int maxIdBytes)
{
    private readonly SsePendingEvent _event = new(maxEventBytes, maxIdBytes);

    private State _state = State.Preamble;
    private SseField _field;
    private SseFieldName _name;
    private int _nameLength;
    private bool _skipLineFeed;
    private int _commentBytes;
    private int _eventBytes;
    private int _eventBytesBeforeLine;
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

    public SseEvent Current => _event.Dispatched;

    public ReadOnlyMemory<byte> LastEventId => _event.LastEventId;

    public TimeSpan? Retry => _event.Retry;

    public long Comments => Volatile.Read(ref _comments);

    /// <summary>How many comments and blank lines have ended so far that dispatched no event.</summary>
    public long KeepAlives { get; private set; }

    public SseFormatError Error { get; private set; }

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
            bool isWithinLimits = true;
            switch (_state)
            {
                case State.LineStart:
                    if (StartLine(input, ref offset))
                        return SseParseStatus.Event;
                    break;
                case State.Name:
                    isWithinLimits = ReadName(input, ref offset);
                    break;
                case State.AfterColon:
                    isWithinLimits = SkipSpace(input, ref offset);
                    break;
                case State.Value:
                    isWithinLimits = ReadValue(piece, input, ref offset);
                    break;
                default:
                    isWithinLimits = SkipByteOrderMark(input, ref offset);
                    break;
            }

            if (!isWithinLimits)
            {
                _event.Abandon();
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
            _event.StartValue(_name.Resolve(_nameLength));
        // A cut id or retry would be a wrong one: only data and event take effect without their line's end.
        _state = State.LineStart;
        return _event.DispatchUnterminated();
    }

    /// <inheritdoc cref="SsePendingEvent.DetachFromInput"/>
    public void DetachFromInput() => _event.DetachFromInput();

    /// <inheritdoc cref="SsePendingEvent.ForgetDispatched"/>
    public void ForgetCurrent()
    {
        if (_event.ForgetDispatched())
            _eventBytes = 0;
    }

    /// <inheritdoc cref="SsePendingEvent.Rest"/>
    public void Rest() => _event.Rest();

    public void Release() => _event.Release();

    private bool SkipByteOrderMark(ReadOnlySpan<byte> input, ref int offset)
    {
        // _nameLength counts the matched bytes: should the rest not come, they are the start of a field's name.
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

        switch (first)
        {
            case (byte)'\r' or (byte)'\n':
                EndLine(first, ref offset);
                if (_event.Dispatch())
                    return true;
                _eventBytes = 0;
                KeepAlives++;
                return false;
            case (byte)':':
                _field = SseField.Comment;
                _commentBytes = 0;
                _state = State.Value;
                return false;
            default:
                StartName();
                return false;
        }
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
            // Nearly every line of a model's answer.
            offset += "data:"u8.Length;
            StartValue(SseField.Data);
            return Count("data:"u8.Length);
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
        if (rest[end] == (byte)':')
        {
            offset++;
            return Count(1);
        }

        // A line without a colon is a field with an empty value.
        _event.EndValue(_field);
        EndLine(rest[end], ref offset);
        return true;
    }

    private void StartValue(SseField field)
    {
        _field = field;
        _state = State.AfterColon;
        _event.StartValue(field);
    }

    private bool SkipSpace(ReadOnlySpan<byte> input, ref int offset)
    {
        // Exactly one space is optional; a second one belongs to the value.
        _state = State.Value;
        if (input[offset] != (byte)' ')
            return true;
        offset++;
        return Count(1);
    }

    private bool ReadValue(ReadOnlyMemory<byte> piece, ReadOnlySpan<byte> input, ref int offset)
    {
        ReadOnlySpan<byte> rest = input[offset..];
        int end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        int length = end < 0 ? rest.Length : end;
        if (!Count(length))
            return false;
        _event.AddToValue(_field, piece.Slice(offset, length), endsValue: end >= 0);
        offset += length;
        if (end < 0)
            return true;

        if (_field == SseField.Comment)
        {
            Volatile.Write(ref _comments, _comments + 1);
            KeepAlives++;
        }
        else
        {
            _event.EndValue(_field);
        }

        EndLine(rest[end], ref offset);
        return true;
    }

    private void EndLine(byte terminator, ref int offset)
    {
        offset++;
        _skipLineFeed = terminator == (byte)'\r';
        _state = State.LineStart;
    }

    private bool Count(int bytes)
    {
        ref int counted = ref (_field == SseField.Comment ? ref _commentBytes : ref _eventBytes);
        if (bytes <= maxEventBytes - counted)
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
