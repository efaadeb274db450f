namespace Sluice.Server.Conversations;

/// <summary>Words that have to stand one behind the other.</summary>
/// <param name="Words">The words; at least one.</param>
/// <param name="IsPrefix">Whether the last of them may go on.</param>
internal sealed record SearchTerm(IReadOnlyList<string> Words, bool IsPrefix);
