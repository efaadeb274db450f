using System.Diagnostics;

namespace Sluice.Sse;

/// <summary>The event that is being read, field by field, and what outlives it: the last event id and the retry time.</summary>
/// <remarks>
/// A field's value is started, added to in pieces, and ended; the blank line or the end of the input dispatches the event.
/// A first data value that lies in one piece is not copied but borrowed from the input, until <see cref="DetachFromInput"/>.
/// </remarks>
internal sealed class SsePendingEvent(int maxBytes, int maxIdBytes)
{
    private bool _hasData;
    private bool _mayBorrow;
    private ReadOnlyMemory<byte> _borrowed;
    private SseScratch _data;
    private SseScratch _eventType;
    private bool _isHandedOut;

    // An id goes from its line to its event to the stream, each time only if what holds it is whole.
    private SseScratch _idLine;
    private bool _idLineIsIgnored;
    private SseScratch _idOfEvent;
    private bool _hasId;
    private SseScratch _lastEventId;

    private SseRetryField _retryLine;

    /// <summary>The event that was dispatched last, until <see cref="ForgetDispatched"/>.</summary>
    public SseEvent Dispatched { get; private set; }

    public ReadOnlyMemory<byte> LastEventId => _lastEventId.Written;

    public TimeSpan? Retry { get; private set; }

    public void StartValue(SseField field)
    {
        switch (field)
        {
            case SseField.Data:
                if (_hasData)
                {
                    DetachFromInput();
                    _data.Append("\n"u8, maxBytes);
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
                _retryLine = default;
                break;
        }
    }

    /// <param name="field">The field whose value was started.</param>
    /// <param name="part">The next part of the value; the caller keeps the event within its limit.</param>
    /// <param name="endsValue">Whether the value ends with this part.</param>
    public void AddToValue(SseField field, ReadOnlyMemory<byte> part, bool endsValue)
    {
        switch (field)
        {
            case SseField.Data:
                AddToData(part, endsValue);
                break;
            case SseField.Event:
                _eventType.Append(part.Span, maxBytes);
                break;
            case SseField.Id:
                // What is ignored is not kept.
                _idLineIsIgnored |= part.Span.Contains((byte)0) || part.Length > maxIdBytes - _idLine.Length;
                if (!_idLineIsIgnored)
                    _idLine.Append(part.Span, maxIdBytes);
                break;
            case SseField.Retry:
                _retryLine.Append(part.Span);
                break;
        }
    }

    public void EndValue(SseField field)
    {
        switch (field)
        {
            case SseField.Id when !_idLineIsIgnored:
                (_idOfEvent, _idLine) = (_idLine, _idOfEvent);
                _hasId = true;
                break;
            case SseField.Retry when _retryLine.TryGetValue(out TimeSpan retry):
                Retry = retry;
                break;
        }
    }

    /// <summary>What a blank line does.</summary>
    /// <returns>Whether there is an event, in <see cref="Dispatched"/>.</returns>
    public bool Dispatch()
    {
        // The id counts even where there is no event.
        if (_hasId)
        {
            (_lastEventId, _idOfEvent) = (_idOfEvent, _lastEventId);
            _hasId = false;
        }

        if (!_hasData)
        {
            Reset();
            return false;
        }

        Debug.Assert(_borrowed.IsEmpty || _data.Length == 0, "Either borrowed or copied.");
        HandOut(_borrowed.IsEmpty ? _data.Written : _borrowed, isTerminated: true);
        return true;
    }

    /// <summary>What the end of the input does. An id without its blank line is no cursor: it is not taken over.</summary>
    /// <returns>Whether there is an event, in <see cref="Dispatched"/>.</returns>
    public bool DispatchUnterminated()
    {
        if (!_hasData)
            return false;
        DetachFromInput();
        HandOut(_data.Written, isTerminated: false);
        return true;
    }

    /// <summary>Copies what is borrowed from the input, so that the input may be given back.</summary>
    public void DetachFromInput()
    {
        ReadOnlyMemory<byte> borrowed = _borrowed;
        _borrowed = default;
        _data.Append(borrowed.Span, maxBytes);
    }

    /// <summary>Forgets the event that was dispatched, if one was: an event that waits for its rest stays.</summary>
    /// <returns>Whether there was one.</returns>
    public bool ForgetDispatched()
    {
        if (!_isHandedOut)
            return false;
        _isHandedOut = false;
        Dispatched = default;
        Reset();
        return true;
    }

    /// <summary>Gives back what an idle stream does not need; the part of an event that is there stays.</summary>
    public void Rest()
    {
        if (_data.Length == 0)
            _data.Release();
        if (_eventType.Length == 0)
            _eventType.Release();
    }

    /// <summary>Drops the event and gives back all memory but the last event id's.</summary>
    public void Abandon()
    {
        Dispatched = default;
        _isHandedOut = false;
        _hasData = false;
        _borrowed = default;
        _data.Release();
        _eventType.Release();
        _idLine.Release();
        _idOfEvent.Release();
    }

    public void Release()
    {
        Abandon();
        _lastEventId.Release();
    }

    private void AddToData(ReadOnlyMemory<byte> part, bool endsValue)
    {
        bool borrow = _mayBorrow && endsValue;
        _mayBorrow = false;
#if DEBUG
        // Borrowed memory is not ours to spoil: copied, every broken ownership rule shows.
        borrow = false;
#endif
        if (borrow)
            _borrowed = part;
        else
            _data.Append(part.Span, maxBytes);
    }

    private void HandOut(ReadOnlyMemory<byte> data, bool isTerminated)
    {
        Dispatched = new SseEvent(data, _eventType.Written, isTerminated);
        _isHandedOut = true;
    }

    private void Reset()
    {
        _hasData = false;
        _borrowed = default;
        _data.Clear();
        _eventType.Clear();
    }
}
