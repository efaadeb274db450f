using Sluice.Server.Upstream.Answers;

namespace Sluice.Server.FaultSuite;

/// <summary>Says what an answer is: never better than it is.</summary>
internal static class FaultJudge
{
    /// <summary>Tokens of every answer.</summary>
    public const int Tokens = 60;

    /// <summary>The whole answer.</summary>
    public static string WholeText { get; } = ScriptedAnswer.Text(Tokens);

    /// <summary>Judges an answer by itself.</summary>
    /// <returns>The verdict, and what is wrong where something is.</returns>
    public static (FaultVerdict Verdict, string? Problem) Judge(FaultAnswer answer, FaultDialect dialect)
    {
        if (answer.IsHang) return Wrong("no end within the budget");
        if (answer.Terminals != 1) return Wrong(FormattableString.Invariant($"{answer.Terminals} terminal events, status {answer.Status}"));
        if (answer.WentOn) return Wrong("events behind the terminal one");
        if (answer.Repeated is { } repeated && repeated != answer.Text) return Wrong("the terminal event repeats another text than was shown");
        return answer.Error is { } code ? Failed(answer, dialect, code) : Succeeded(answer);
    }

    private static (FaultVerdict Verdict, string? Problem) Succeeded(FaultAnswer answer)
    {
        if (answer.Text != WholeText) return Wrong("wrong or missing text shown as a whole answer");
        if (answer.IsCut) return Wrong("a whole answer whose connection was cut");
        return answer.Finishes is ["stop"] ? (FaultVerdict.Whole, null) : Wrong($"finish reasons: {string.Join(", ", answer.Finishes)}");
    }

    private static (FaultVerdict Verdict, string? Problem) Failed(FaultAnswer answer, FaultDialect dialect, string code)
    {
        if (!WholeText.StartsWith(answer.Text, StringComparison.Ordinal)) return Wrong("an error behind wrong text");
        if (answer.Finishes.Count > 0) return Wrong("an error behind a finish reason");
        if (code is "cancelled" or "internal_error") return Wrong($"the error {code}");
        // An error frame before a clean end is a success for the official .NET client.
        if (dialect == FaultDialect.OpenAi && answer.Status == 200 && !answer.IsCut) return Wrong("an error frame before a clean end");
        return (answer.Text.Length == 0 && code is "context_length_exceeded" or "content_filter" ? FaultVerdict.Refused : FaultVerdict.TruthfulError, null);
    }

    private static (FaultVerdict Verdict, string? Problem) Wrong(string problem) => (FaultVerdict.Wrong, problem);
}
