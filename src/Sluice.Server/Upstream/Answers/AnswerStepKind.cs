namespace Sluice.Server.Upstream.Answers;

/// <summary>What one event of an answer carries.</summary>
internal enum AnswerStepKind
{
    Role,
    Reasoning,
    Content,
    Tool,
    Sensitives,
    Finish,
    Usage,
}
