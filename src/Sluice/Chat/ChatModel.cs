namespace Sluice.Chat;

/// <summary>A model that may be asked for.</summary>
/// <param name="Id">The name to ask for.</param>
/// <param name="OwnedBy">Which provider answers.</param>
public sealed record ChatModel(string Id, string OwnedBy);
