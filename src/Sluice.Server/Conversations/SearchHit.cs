namespace Sluice.Server.Conversations;

/// <summary>A conversation in which something was found.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Snippet">The text around the find.</param>
/// <param name="Message">The message in which it was found, the newest of them; null where it was the title.</param>
internal sealed record SearchHit(Conversation Conversation, string Snippet, string? Message);
