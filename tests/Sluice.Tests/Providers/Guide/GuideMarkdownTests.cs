using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

public sealed class GuideMarkdownTests
{
    [Fact]
    public void Split_Headings_BecomeSectionsWithWhatStandsAboveThem()
    {
        var sections = Split("# Title\n\nIntro.\n\n## One\n\n### Deep\n\ntext\n\n#### Inside\n\n## Two\n\nmore\n");

        Assert.Equal(["Title", "Deep", "Two"], sections.Select(section => section.Heading));
        Assert.Equal(["", "Title One", "Title"], sections.Select(section => section.Above));
        Assert.Equal(["Intro.", "text\n\n#### Inside", "more"], sections.Select(section => section.Body));
    }

    [Fact]
    public void Split_NumberSignInACodeBlock_IsNoHeading()
    {
        var section = Assert.Single(Split("# Title\n\n```sh\n# a comment\nls\n```\n"));

        Assert.Equal("```sh\n# a comment\nls\n```", section.Body);
    }

    [Fact]
    public void Split_WindowsLineEndings_AreTakenAsLineEndings() =>
        Assert.Equal("a\nb", Assert.Single(Split("# Title\r\n\r\na\r\nb\r\n")).Body);

    [Theory]
    [InlineData("[Configuration](configuration.md)", "Configuration (`docs/configuration.md`)")]
    [InlineData("[here](../README.md#x)", "here (`README.md`)")]
    [InlineData("[above](#title)", "above")]
    [InlineData("[.NET](https://dot.net)", "[.NET](https://dot.net)")]
    [InlineData("![shape](shape.png)", "![shape](shape.png)")]
    public void Split_RelativeLink_IsWrittenOutAsAPath(string link, string expected) =>
        Assert.Equal(expected, Assert.Single(Split($"# Title\n{link}\n")).Body);

    [Fact]
    public void Split_LinkInACodeBlock_IsLeftAlone() =>
        Assert.Contains("[x](y.md)", Assert.Single(Split("# Title\n```\n[x](y.md)\n```\n")).Body, StringComparison.Ordinal);

    private static List<GuideSection> Split(string markdown) =>
        [.. GuideMarkdown.Split(new GuideDocument("docs/page.md", "Title", IsChinese: false, Weight: 1), markdown)];
}
