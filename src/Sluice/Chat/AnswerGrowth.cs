namespace Sluice.Chat;

/// <summary>What has been added to an answer since it was read last.</summary>
/// <param name="IsReset">Whether what was read before is void: then this is everything.</param>
/// <param name="Text">Text.</param>
/// <param name="Reasoning">Reasoning.</param>
internal readonly record struct AnswerGrowth(bool IsReset, string Text, string Reasoning)
{
    /// <summary>Whether there is nothing new.</summary>
    public bool IsNothing => !IsReset && Text.Length == 0 && Reasoning.Length == 0;
}
