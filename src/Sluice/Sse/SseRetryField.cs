namespace Sluice.Sse;

/// <summary>The value of a <c>retry</c> field as it arrives in pieces: milliseconds in ASCII digits, or invalid.</summary>
internal struct SseRetryField
{
    private static readonly long s_largest = TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond;

    private long _milliseconds;
    private bool _hasDigits;
    private bool _isInvalid;

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            _isInvalid = true;
        if (_isInvalid || piece.IsEmpty)
            return;
        _hasDigits = true;
        foreach (byte digit in piece)
        {
            // Saturates: WHATWG allows any number of digits.
            if (_milliseconds < s_largest)
                _milliseconds = Math.Min((_milliseconds * 10) + (digit - '0'), s_largest);
        }
    }

    public readonly bool TryGetValue(out TimeSpan retry)
    {
        retry = new TimeSpan(_milliseconds * TimeSpan.TicksPerMillisecond);
        return _hasDigits && !_isInvalid;
    }
}
