using System.Text;

namespace Sluice.Server.Upstream.Answers;

/// <summary>The order of events of one answer; it holds no event, so a very long answer costs nothing.</summary>
/// <remarks>role, reasoning, text or tool fragments (a Bella text is interrupted by a `sensitives` event), finish, usage, sensitives.</remarks>
internal sealed class AnswerScript
{
    private readonly int _notice;
    private readonly int _finish;

    public AnswerScript(AnswerStyle style, int tokens, (int Token, int Skip) from = default, bool usage = false, bool sensitives = false)
    {
        Style = style;
        Tokens = tokens;
        From = from;
        ReasoningTokens = style is AnswerStyle.Reasoning or AnswerStyle.MergedReasoning ? Math.Max(1, tokens / 3) : 0;
        BodySteps = style == AnswerStyle.Tools ? ToolFragments.Count : Math.Max(0, tokens - from.Token);
        HasUsage = usage;
        HasSensitives = sensitives;
        _notice = sensitives ? 1 + ReasoningTokens + BodySteps / 3 : -1;
        _finish = 1 + ReasoningTokens + BodySteps + (sensitives ? 1 : 0);
        Count = _finish + 1 + (usage ? 1 : 0) + (sensitives ? 1 : 0);
    }

    public AnswerStyle Style { get; }

    /// <summary>Tokens of the whole text, those before <see cref="From"/> included.</summary>
    public int Tokens { get; }

    /// <summary>Where the text begins: later than token 0 when the request carries the beginning as a prefill.</summary>
    public (int Token, int Skip) From { get; }

    public int ReasoningTokens { get; }

    /// <summary>Content tokens or tool fragments.</summary>
    public int BodySteps { get; }

    public bool HasUsage { get; }

    public bool HasSensitives { get; }

    /// <summary>How many events there are, the terminal `[DONE]` not counted.</summary>
    public int Count { get; }

    /// <summary>How many of the events are tokens.</summary>
    public int TokenSteps => ReasoningTokens + BodySteps;

    public string FinishReason => Style switch
    {
        AnswerStyle.Tools => "tool_calls",
        AnswerStyle.Filtered => "content_filter",
        _ => "stop",
    };

    public AnswerStep this[int position]
    {
        get
        {
            if (position == 0) return new(AnswerStepKind.Role, 0);
            if (position == _notice) return new(AnswerStepKind.Sensitives, 0);
            if (position < _finish)
            {
                var token = position - 1 - (HasSensitives && position > _notice ? 1 : 0);
                if (token < ReasoningTokens) return new(AnswerStepKind.Reasoning, token);
                return Style == AnswerStyle.Tools
                    ? new(AnswerStepKind.Tool, token - ReasoningTokens)
                    : new(AnswerStepKind.Content, From.Token + token - ReasoningTokens);
            }

            if (position == _finish) return new(AnswerStepKind.Finish, 0);
            return position == _finish + 1 && HasUsage ? new(AnswerStepKind.Usage, 0) : new(AnswerStepKind.Sensitives, 1);
        }
    }

    /// <summary>The text that the content events of this answer make when joined.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        if (Style == AnswerStyle.MergedReasoning) text.Append("```sh\n").Append(ScriptedAnswer.Text(ReasoningTokens)).Append("\n```\n");
        for (var i = From.Token; i < Tokens && Style != AnswerStyle.Tools; i++)
            text.Append(i == From.Token ? ScriptedAnswer.Token(i)[From.Skip..] : ScriptedAnswer.Token(i));
        return text.ToString();
    }
}
