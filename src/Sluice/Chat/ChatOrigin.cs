using System.Diagnostics;

namespace Sluice.Chat;

/// <summary>What names a question in logs and traces. Nothing of what is asked.</summary>
/// <param name="RequestId">The HTTP request's name; null where there was none.</param>
/// <param name="StreamId">The stream's name; null where the answer is in one piece.</param>
/// <param name="Trace">The span that what comes next is a part of; default where nobody traces.</param>
internal sealed record ChatOrigin(string? RequestId = null, string? StreamId = null, ActivityContext Trace = default)
{
    /// <summary>Nothing is known.</summary>
    public static ChatOrigin None { get; } = new();
}
