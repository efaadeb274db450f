using System.Globalization;
using System.Text;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Who has been asked one question, and what became of it. One question's; not safe for many threads.</summary>
internal sealed class Tries
{
    private const int MaxReasonChars = 200;

    private readonly List<(ChatTarget Target, ChatProviderException Error, int Calls)> _failed = [];

    /// <summary>A call of a target has failed, or the target was not to be had.</summary>
    /// <param name="target">Who.</param>
    /// <param name="error">Why.</param>
    /// <param name="calls">How many calls it has been asked with.</param>
    public void Add(ChatTarget target, ChatProviderException error, int calls)
    {
        if (_failed.Count > 0 && ReferenceEquals(_failed[^1].Target, target))
        {
            // Where a retry was refused for want of room, what the call itself had failed with says more.
            _failed[^1] = (target, error.Kind is ChatErrorKind.Unavailable or ChatErrorKind.Overloaded ? _failed[^1].Error : error, calls);
        }
        else
        {
            _failed.Add((target, error, calls));
        }
    }

    /// <summary>What a client is told when nobody could answer: who was asked, why that failed, and when to come back.</summary>
    /// <remarks>Where there was one target only, that is its own error. The last error is the cause.</remarks>
    public ChatProviderException Sum()
    {
        var (target, last, calls) = _failed[^1];
        if (_failed.Count == 1)
        {
            return last.Kind is not (ChatErrorKind.Unavailable or ChatErrorKind.Overloaded) ? last
                : new ChatProviderException(last.Kind, Back(new StringBuilder($"{target.Name} cannot be asked: {last.Message}"), last.RetryAfter), last) { RetryAfter = last.RetryAfter };
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"None of {_failed.Count} targets could answer.");
        var kind = last.Kind;
        var isRetryable = false;
        TimeSpan? back = null;
        foreach (var (who, error, count) in _failed)
        {
            Tell(text, who, error, count);
            kind = error.Kind == kind ? kind : ChatErrorKind.Unavailable;
            isRetryable |= error.IsRetryable;
            back = back is null || error.RetryAfter < back ? error.RetryAfter ?? back : back;
        }

        return new ChatProviderException(kind, Back(text, back), last) { RetryAfter = back, IsRetryable = isRetryable, UpstreamStatus = last.UpstreamStatus };
    }

    /// <summary>What a client is told of an answer that broke off where nobody could go on with it: how it broke off, who was asked, and why that failed.</summary>
    /// <param name="broken">How it broke off: the cause of what is returned, and that itself where nobody was asked.</param>
    public ChatProviderException Behind(ChatProviderException broken)
    {
        if (_failed.Count == 0)
        {
            return broken;
        }

        var text = new StringBuilder(broken.Message).Append(" Nobody could go on with the answer:");
        foreach (var (who, error, count) in _failed)
        {
            Tell(text, who, error, count);
        }

        return new ChatProviderException(broken.Kind, text.ToString(), broken)
        {
            UpstreamStatus = broken.UpstreamStatus,
            RetryAfter = broken.RetryAfter,
            UpstreamCode = broken.UpstreamCode,
            Param = broken.Param,
            IsRetryable = broken.IsRetryable,
        };
    }

    private static void Tell(StringBuilder text, ChatTarget who, ChatProviderException error, int calls)
    {
        text.Append(CultureInfo.InvariantCulture, $" {who.Name}");
        text.Append(calls > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({calls} calls): ") : ": ");
        text.Append(error.Message.Length > MaxReasonChars ? string.Concat(error.Message.AsSpan(0, MaxReasonChars), "…") : error.Message);
    }

    private static string Back(StringBuilder text, TimeSpan? back) => back is not { } wait ? text.ToString()
        : text.Append(CultureInfo.InvariantCulture, $" Come back in {Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0} s.").ToString();
}
