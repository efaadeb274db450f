namespace Sluice.Providers.Guide;

/// <summary>What stands under one heading, up to the next one.</summary>
/// <param name="Document">The document that it is part of.</param>
/// <param name="Heading">Its heading, without the number signs.</param>
/// <param name="Above">The headings above it, joined: the title, and the chapter where the section is a part of one.</param>
/// <param name="Body">Its Markdown, without the heading; whole code blocks; links to other documents written out as paths.</param>
internal sealed record GuideSection(GuideDocument Document, string Heading, string Above, string Body);
