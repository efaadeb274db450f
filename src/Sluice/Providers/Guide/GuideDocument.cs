namespace Sluice.Providers.Guide;

/// <summary>One Markdown document.</summary>
/// <param name="Path">Where it stands in the repository, such as <c>docs/providers.md</c>.</param>
/// <param name="Title">Its first heading.</param>
/// <param name="IsChinese">Whether it is written in Chinese.</param>
/// <param name="Weight">How much its sections count in a search: 1 for the pages written for users, less for what only touches a subject.</param>
internal sealed record GuideDocument(string Path, string Title, bool IsChinese, double Weight);
