using System.Collections.Frozen;
using System.Text;

namespace Sluice.Providers.Guide;

/// <summary>Composes the Markdown of an answer: a welcome, a section of the documents with its source, or an honest "I do not know".</summary>
internal sealed class GuideAnswer(GuideSearch search)
{
    // A question is looked up by its beginning; what follows is pasted text that would only blur the search.
    private const int MaxQuestionLength = 1000;

    // The best section is quoted; one that is nearly as good is quoted with it while both are short; others are only named.
    private const double AlsoQuoted = 0.9;
    private const double AlsoNamed = 0.5;
    private const int MaxQuotedTogether = 2000;

    private static readonly FrozenSet<string> Greetings = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "", "hi", "hi there", "hello", "hello there", "hey", "hello world", "good morning", "good evening", "test", "ping", "help", "who are you",
        "what are you", "what can you do", "are you a model", "你好", "您好", "你好呀", "嗨", "哈喽", "早上好", "晚上好", "在吗", "测试", "帮助", "你是谁", "你是什么", "你能做什么", "你会什么");

    /// <summary>Answers a question.</summary>
    /// <param name="question">The last user message, of any length.</param>
    public string To(string question)
    {
        question = question.Length > MaxQuestionLength ? question[..MaxQuestionLength] : question;
        var phrases = GuideWords.IsChinese(question) ? GuidePhrases.Chinese : GuidePhrases.English;
        if (Greetings.Contains(question.AsSpan().Trim(" \t\r\n!?.,~！？。，～").ToString()))
        {
            return phrases.Welcome;
        }

        var matches = search.Find(question, 4);
        return matches.Count == 0 ? Unknown(phrases) : Quote(matches, phrases);
    }

    private static string Quote(IReadOnlyList<GuideMatch> matches, GuidePhrases phrases)
    {
        var best = matches[0];
        var quoted = matches.Count > 1 && matches[1].Score >= AlsoQuoted * best.Score
            && best.Section.Body.Length + matches[1].Section.Body.Length <= MaxQuotedTogether ? 2 : 1;
        var answer = new StringBuilder();
        for (var i = 0; i < quoted; i++)
        {
            var section = matches[i].Section;
            answer.Append("### ").Append(section.Heading).Append("\n\n").Append(section.Body).Append("\n\n")
                .Append(phrases.Source).Append(Name(section, phrases)).Append("\n\n");
        }

        var others = matches.Skip(quoted).Where(match => match.Score >= AlsoNamed * best.Score).ToList();
        if (others.Count > 0)
        {
            answer.Append(phrases.SeeAlso).AppendJoin(phrases.Separator, others.Select(match => Name(match.Section, phrases))).Append("\n\n");
        }

        return answer.Append(phrases.NotAModel).Append('\n').ToString();
    }

    private static string Name(GuideSection section, GuidePhrases phrases) => $"`{section.Document.Path}`{phrases.Quoted(section.Heading)}";

    private string Unknown(GuidePhrases phrases)
    {
        var isChinese = phrases == GuidePhrases.Chinese;
        var documents = search.Library.Documents
            .Where(document => document.IsChinese == isChinese && document.Weight >= 1)
            .Select(document => $"- {document.Title} (`{document.Path}`)\n");
        return $"{phrases.Unknown}\n\n{string.Concat(documents)}\n{phrases.Connect}\n";
    }
}
