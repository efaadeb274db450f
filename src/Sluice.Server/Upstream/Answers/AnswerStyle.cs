namespace Sluice.Server.Upstream.Answers;

/// <summary>What an answer consists of, besides its text.</summary>
internal enum AnswerStyle
{
    /// <summary>Text only.</summary>
    Plain,

    /// <summary>Reasoning first, in its own field.</summary>
    Reasoning,

    /// <summary>Reasoning first, repeated inside the content between fences (a Bella channel that merges it).</summary>
    MergedReasoning,

    /// <summary>Two tool calls with split arguments instead of text, if the request offers tools.</summary>
    Tools,

    /// <summary>Text, ended by the provider's content filter.</summary>
    Filtered,
}
