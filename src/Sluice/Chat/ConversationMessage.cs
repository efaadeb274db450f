namespace Sluice.Chat;

/// <summary>A message of a conversation, as a model is told it.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c> or <c>system</c>.</param>
/// <param name="Content">Its text.</param>
internal sealed record ConversationMessage(string Role, string Content);
