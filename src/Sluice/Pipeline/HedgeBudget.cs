namespace Sluice.Pipeline;

/// <summary>Bounds the second calls for one model to a share of its questions, so that a slow hour upstream is not answered with twice the load, and twice the bill.</summary>
/// <remarks>A purse in hundredths of a call. It begins empty and time puts nothing in, so there are never more second calls than the share of all questions
/// allows; what is not used is kept for ten calls at most. Safe for many threads.</remarks>
/// <param name="percent">How much of a call each question puts in.</param>
internal sealed class HedgeBudget(int percent)
{
    private const long Call = 100;
    private const long Capacity = 10 * Call;

    private long _purse;

    /// <summary>A question has come.</summary>
    public void Asked() => Add(percent);

    /// <summary>Takes a call out, if there is one.</summary>
    public bool TryTake()
    {
        if (Interlocked.Add(ref _purse, -Call) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _purse, Call);
        return false;
    }

    /// <summary>A call that was taken out was not made.</summary>
    public void GiveBack() => Add(Call);

    private void Add(long hundredths)
    {
        long before;
        do
        {
            before = Volatile.Read(ref _purse);
        }
        while (Interlocked.CompareExchange(ref _purse, Math.Min(Capacity, before + hundredths), before) != before);
    }
}
