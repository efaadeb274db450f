using System.Globalization;

namespace Sluice.Server.Upstream.Answers;

/// <summary>What an answer is billed: fixed for the prompt, counted for the rest, so that a test knows it beforehand.</summary>
internal static class AnswerUsage
{
    /// <summary>Prompt tokens of any request.</summary>
    public const int PromptTokens = 11;

    /// <summary>The `usage` object.</summary>
    public static string Json(AnswerScript script) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"prompt_tokens\":{PromptTokens},\"completion_tokens\":{script.TokenSteps},\"total_tokens\":{PromptTokens + script.TokenSteps},\"completion_tokens_details\":{{\"reasoning_tokens\":{script.ReasoningTokens}}}}}");
}
