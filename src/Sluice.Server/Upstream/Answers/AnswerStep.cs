using System.Runtime.InteropServices;

namespace Sluice.Server.Upstream.Answers;

/// <summary>One event of an answer.</summary>
/// <param name="Kind">What it carries.</param>
/// <param name="Index">Which token or tool fragment, counted from 0 within its kind.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerStep(AnswerStepKind Kind, int Index)
{
    /// <summary>Whether the step is paced and counted as a token.</summary>
    public bool IsToken => Kind is AnswerStepKind.Reasoning or AnswerStepKind.Content or AnswerStepKind.Tool;
}
