using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>One call that may go on with an answer.</summary>
/// <param name="Index">Whom to ask: an index into the question's targets.</param>
/// <param name="Way">How.</param>
/// <param name="News">What readers are told.</param>
/// <param name="Pause">How long to wait before.</param>
internal sealed record RescueStep(int Index, RescueWay Way, ChatChunkKind News, TimeSpan Pause = default);
