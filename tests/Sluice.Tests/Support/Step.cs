using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>One thing that a scripted provider does: says something, or does something first.</summary>
/// <param name="Json">The chunk's data, or the whole body for a completion.</param>
/// <param name="Kind">What the step says: <see cref="ChatChunkKind.Preamble"/> for a parsed chunk.</param>
/// <param name="Act">What it does instead of saying anything.</param>
internal sealed record Step(string? Json, ChatChunkKind Kind = ChatChunkKind.Preamble, Func<CancellationToken, Task>? Act = null);
