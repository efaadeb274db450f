namespace Sluice.Pipeline;

/// <summary>Chooses who is asked next.</summary>
internal static class TargetChoice
{
    /// <summary>How many targets a model may have: one bit each says who has been asked.</summary>
    public const int MaxTargets = 64;

    /// <summary>The index of the next target; -1 where all have been asked.</summary>
    /// <param name="targets">All of the model's.</param>
    /// <param name="asked">Who has been asked: one bit each.</param>
    /// <param name="random">Draws a number from 0 up to 1.</param>
    /// <remarks>
    /// The lowest priority goes first, a last resort last. Among equals of different weight chance decides by weight. Among equals of one weight two
    /// are drawn and the one with the lower load is taken: https://www.eecs.harvard.edu/~michaelm/postscripts/mythesis.pdf (the power of two choices).
    /// </remarks>
    public static int Next(IReadOnlyList<ChatTarget> targets, ulong asked, Func<double> random)
    {
        var best = -1;
        var equals = 0;
        var weight = 0L;
        var isEven = true;
        for (var i = 0; i < targets.Count; i++)
        {
            if (IsAsked(asked, i))
            {
                continue;
            }

            var order = best < 0 ? -1 : Compare(targets[i], targets[best]);
            if (order < 0)
            {
                (best, equals, weight, isEven) = (i, 0, 0, true);
            }

            if (order <= 0)
            {
                equals++;
                weight += targets[i].Weight;
                isEven &= targets[i].Weight == targets[best].Weight;
            }
        }

        if (equals <= 1)
        {
            return best;
        }

        return isEven ? FasterOfTwo(targets, asked, best, equals, random) : ByWeight(targets, asked, best, weight, random);
    }

    private static int FasterOfTwo(IReadOnlyList<ChatTarget> targets, ulong asked, int best, int equals, Func<double> random)
    {
        var first = (int)(random() * equals);
        var second = (first + 1 + (int)(random() * (equals - 1))) % equals;
        first = Nth(targets, asked, best, first);
        second = Nth(targets, asked, best, second);
        return targets[second].Health.Load < targets[first].Health.Load ? second : first;
    }

    private static int ByWeight(IReadOnlyList<ChatTarget> targets, ulong asked, int best, long weight, Func<double> random)
    {
        var mark = random() * weight;
        var last = best;
        for (var i = best; i < targets.Count; i++)
        {
            if (!IsAsked(asked, i) && Compare(targets[i], targets[best]) == 0)
            {
                last = i;
                mark -= targets[i].Weight;
                if (mark < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    private static int Nth(IReadOnlyList<ChatTarget> targets, ulong asked, int best, int n)
    {
        for (var i = best; ; i++)
        {
            if (!IsAsked(asked, i) && Compare(targets[i], targets[best]) == 0 && n-- == 0)
            {
                return i;
            }
        }
    }

    private static bool IsAsked(ulong asked, int index) => (asked & (1UL << index)) != 0;

    private static int Compare(ChatTarget one, ChatTarget other) => one.IsLastResort != other.IsLastResort
        ? one.IsLastResort.CompareTo(other.IsLastResort)
        : one.Priority.CompareTo(other.Priority);
}
