using System.Numerics;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Who is asked, and how, to go on with an answer that broke off: others first, then the target that failed; where the seam cannot be certain, whoever
/// may guess it; in the end anybody for a new answer.</summary>
/// <remarks>Others first, since who has just failed in mid-answer is the likeliest to fail again, and what fell silent is not waited for twice.</remarks>
internal sealed class RescuePlan
{
    private readonly FailoverServices _services;
    private readonly IReadOnlyList<ChatTarget> _targets;
    private readonly RetryOptions _retry;
    private readonly bool _mayReset;
    private readonly long _started;
    private readonly int _broken;
    private readonly TimeSpan? _pause;
    private ulong _asked;
    private ulong _willing;
    private ulong _turned;
    private bool _mayAskAgain;
    private RescueStep? _other;

    /// <param name="services">What calls need.</param>
    /// <param name="search">Who could be asked, and the bounds: their time counts from here.</param>
    /// <param name="mayReset">Whether an answer may begin anew.</param>
    /// <param name="failed">Who has failed already and is not asked: one bit each.</param>
    /// <param name="broken">Whose answer broke off.</param>
    /// <param name="error">How.</param>
    public RescuePlan(FailoverServices services, TargetSearch search, bool mayReset, ulong failed, int broken, ChatProviderException error)
    {
        _services = services;
        _targets = search.Targets;
        _retry = search.Table.Retry;
        _mayReset = mayReset;
        _broken = broken;
        _started = services.Time.GetTimestamp();
        _asked = failed | Bit(broken);
        for (var i = 0; i < _targets.Count; i++)
        {
            _asked |= _targets[i].IsLastResort ? Bit(i) : 0;
            _turned |= _targets[i].Rescue.UserTurn ? 0 : Bit(i);
        }

        _pause = RetryPolicy.Pause(_retry, error, 1, services.Random());
        _mayAskAgain = _retry.Retries > 0 && RetryPolicy.IsWorthRetrying(error) && _pause is not null;
    }

    /// <summary>How much time is left.</summary>
    public TimeSpan Left => _retry.Within - _services.Time.GetElapsedTime(_started);

    /// <summary>The next call.</summary>
    /// <param name="calls">How many upstream calls the question has cost.</param>
    /// <returns>Null where nobody is left, or no call, or no time.</returns>
    public RescueStep? Next(int calls)
    {
        if (!IsAllowed(calls))
        {
            return null;
        }

        if (_other is { } other)
        {
            _other = null;
            return other;
        }

        while (true)
        {
            var index = TargetChoice.Next(_targets, _asked, _services.Random);
            var isSame = index < 0 && TryAskAgain();
            if (isSame)
            {
                index = _broken;
            }
            else if (index < 0)
            {
                return NextUncertain();
            }

            _asked |= Bit(index);
            var ways = _targets[index].Rescue;
            if (ways.Prefix != PrefixStyle.None || ways.Restart)
            {
                return new RescueStep(
                    index,
                    ways.Prefix != PrefixStyle.None ? RescueWay.Prefix : RescueWay.Restart,
                    ChatChunkKind.Attempt | (isSame ? ChatChunkKind.Retrying : ChatChunkKind.FailingOver),
                    isSame ? _pause!.Value : default);
            }

            CouldNotGoOn(index, RescueWay.Restart);
        }
    }

    /// <summary>A target answers, but could not go on with this text in this way: it is asked in the next way that it has.</summary>
    public void CouldNotGoOn(int index, RescueWay way)
    {
        if (way == RescueWay.Prefix && _targets[index].Rescue.Restart)
        {
            _other = new RescueStep(index, RescueWay.Restart, ChatChunkKind.Attempt | ChatChunkKind.Retrying);
        }
        else if (way != RescueWay.Reset)
        {
            _willing |= Bit(index);
        }
    }

    /// <summary>Whether nobody is left who might go on with what was shown, and the reader can be told that a new answer begins.</summary>
    /// <param name="calls">How many upstream calls the question has cost.</param>
    /// <param name="index">Who could not go on with it just now.</param>
    public bool IsTimeToReset(int calls, int index) => _mayReset
        && (!IsAllowed(calls) || (TargetChoice.Next(_targets, _asked, _services.Random) < 0 && !CanAskAgain() && ((_willing | Bit(index)) & ~_turned) == 0));

    private static ulong Bit(int index) => 1UL << index;

    private RescueStep? NextUncertain()
    {
        var way = RescueWay.UserTurn;
        var who = _willing & ~_turned;
        if (who == 0)
        {
            way = RescueWay.Reset;
            who = _mayReset ? _willing : 0;
        }

        if (who == 0)
        {
            return null;
        }

        var index = BitOperations.TrailingZeroCount(who);
        _turned |= Bit(index);
        _willing &= ~Bit(index);
        return new RescueStep(index, way, ChatChunkKind.Attempt | (index == _broken ? ChatChunkKind.Retrying : ChatChunkKind.FailingOver));
    }

    private bool TryAskAgain()
    {
        if (!CanAskAgain())
        {
            return false;
        }

        _mayAskAgain = false;
        if (_services.Budget.TryTake())
        {
            return true;
        }

        _services.Metrics.Attempts.RetryRefused();
        return false;
    }

    private bool CanAskAgain() => _mayAskAgain && _targets[_broken].Health.Breaker is not { IsClosed: false } && _pause < Left;

    private bool IsAllowed(int calls) => calls < _retry.MaxAttempts && Left > TimeSpan.Zero;
}
