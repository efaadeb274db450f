namespace Sluice.Chat;

/// <summary>What has been shown of an answer. A copy: it stays as it is.</summary>
/// <param name="Text">The text, JSON-escaped, without the quotes.</param>
/// <param name="First">The first chunk with text, where readers see chunks: who speaks, under which name. Empty otherwise.</param>
/// <param name="Pieces">How many pieces the text came in: at least as many tokens were spent on it.</param>
/// <param name="Usage">The last usage object that was told, as JSON; empty where there was none.</param>
internal sealed record AnswerSoFar(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> First, int Pieces, ReadOnlyMemory<byte> Usage);
