using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

public sealed class GuideAnswerTests
{
    private static readonly GuideSearch Search = new(GuideLibrary.Load());
    private static readonly GuideAnswer Answer = new(Search);

    [Fact]
    public void To_QuestionAboutBella_QuotesTheSnippetAndNamesTheSource()
    {
        var answer = Answer.To("how do I connect Bella?");

        Assert.StartsWith("### Connect Bella\n\n", answer, StringComparison.Ordinal);
        Assert.Contains("export BELLA_BASE_URL=", answer, StringComparison.Ordinal);
        Assert.Contains("Source: `docs/providers.md`, “Connect Bella”\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void To_ChineseQuestion_AnswersInChinese()
    {
        var answer = Answer.To("如何连接 Bella？");

        Assert.Contains("出处：`docs/zh-CN/providers.md`「连接 Bella」", answer, StringComparison.Ordinal);
        Assert.Contains("不是模型", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Source:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hi")]
    [InlineData("Hello!")]
    [InlineData("  HEY \n")]
    [InlineData("")]
    [InlineData("Who are you?")]
    public void To_Greeting_WelcomesAndShowsTheShortestWayToAModel(string greeting)
    {
        var answer = Answer.To(greeting);

        Assert.StartsWith("Hello! This is **Sluice**", answer, StringComparison.Ordinal);
        Assert.Contains("export OPENAI_API_KEY=", answer, StringComparison.Ordinal);
        Assert.Contains("export BELLA_BASE_URL=", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("你好")]
    [InlineData("您好！")]
    [InlineData("你是谁？")]
    public void To_ChineseGreeting_WelcomesInChinese(string greeting) =>
        Assert.StartsWith("你好！这里是 **Sluice**", Answer.To(greeting), StringComparison.Ordinal);

    [Theory]
    [InlineData("hi")]
    [InlineData("你好")]
    public void To_Greeting_SuggestsThreeQuestionsThatHaveAnswers(string greeting)
    {
        var suggestions = Answer.To(greeting).Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, suggestions.Count);
        Assert.All(suggestions, question => Assert.NotEmpty(Search.Find(question[2..], 1)));
    }

    [Fact]
    public void To_UnknownQuestion_SaysSoListsTheDocumentsAndShowsHowToConnect()
    {
        var answer = Answer.To("What is the capital of France?");

        Assert.StartsWith("I have no answer to that.", answer, StringComparison.Ordinal);
        Assert.Contains("- Configuration (`docs/configuration.md`)\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("zh-CN", answer, StringComparison.Ordinal);
        Assert.Contains("export OPENAI_API_KEY=", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void To_UnknownChineseQuestion_SaysSoInChinese()
    {
        var answer = Answer.To("今天天气怎么样？");

        Assert.StartsWith("这个问题我回答不了。", answer, StringComparison.Ordinal);
        Assert.Contains("- 配置 (`docs/zh-CN/configuration.md`)\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void To_AnyQuestion_SaysThatItIsNotAModelAndClosesItsCodeBlocks()
    {
        var questions = Search.Library.Sections.Select(section => section.Heading)
            .Concat(["hi", "你好", "What is the capital of France?", "今天天气怎么样？"]);

        Assert.All(questions, question =>
        {
            var answer = Answer.To(question);
            var saysSo = answer.Contains("not a model", StringComparison.Ordinal) || answer.Contains("不是模型", StringComparison.Ordinal);
            var fences = answer.Split('\n').Count(line => line.StartsWith("```", StringComparison.Ordinal));
            Assert.True(saysSo && int.IsEvenInteger(fences), answer);
        });
    }

    [Fact]
    public void To_VeryLongQuestion_IsAnsweredByItsBeginning() =>
        Assert.StartsWith("### Connect Bella", Answer.To("How do I connect Bella? " + string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"x{i} "))), StringComparison.Ordinal);

    [Fact]
    public void To_NoDocuments_IsStillHonest()
    {
        var empty = new GuideAnswer(new GuideSearch(new GuideLibrary([])));

        Assert.StartsWith("I have no answer to that.", empty.To("How do I connect Bella?"), StringComparison.Ordinal);
    }
}
