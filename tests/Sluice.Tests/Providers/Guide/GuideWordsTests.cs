using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

public sealed class GuideWordsTests
{
    [Theory]
    [InlineData("connect", "connects", "connecting", "connected", "connection")]
    [InlineData("configure", "configuration", "configuring", "configures")]
    [InlineData("retry", "retries")]
    [InlineData("run", "running", "runs")]
    [InlineData("close", "closing", "closed", "closes")]
    [InlineData("call", "calling")]
    [InlineData("status")]
    public void Stem_FormsOfAWord_HaveOneStem(string word, params string[] forms) =>
        Assert.All(forms.Append(word), form => Assert.Equal(GuideStemmer.Stem(word), GuideStemmer.Stem(form)));

    [Fact]
    public void OfText_Identifiers_CountAsAWholeAndAsTheirParts()
    {
        Assert.Equal(["firsttoken", "first", "token"], GuideWords.OfText("FirstToken"));
        Assert.Equal(["bella_api_key", "bella", "api", "key"], GuideWords.OfText("BELLA_API_KEY"));
    }

    [Fact]
    public void OfText_Chinese_IsCutIntoPairsBetweenStopWords() =>
        Assert.Equal(["连接", "bella", "默认", "认值"], GuideWords.OfText("如何连接Bella的默认值"));

    [Fact]
    public void OfQuestion_TwoWordsThatAreWrittenAsOne_AreOne() =>
        Assert.Equal(["answer", "timeout"], GuideWords.OfQuestion("my answer times out", term => term == "timeout"));

    [Fact]
    public void OfQuestion_StopWordsAlone_AreNothing() =>
        Assert.Empty(GuideWords.OfQuestion("what is it? 这是什么", _ => false));
}
