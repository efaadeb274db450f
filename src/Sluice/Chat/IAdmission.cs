namespace Sluice.Chat;

/// <summary>Decides whether a question may be asked now: how much its caller, and its model, may still take.</summary>
/// <remarks>Safe for many threads. Never waits.</remarks>
internal interface IAdmission
{
    /// <summary>Lets a question in, and takes what it needs off the limits.</summary>
    /// <param name="request">The question.</param>
    /// <returns>The same question with its <see cref="ChatRequest.Grant"/>, the caller's to dispose when the answer has ended, however it did.</returns>
    /// <exception cref="ChatProviderException">A limit is reached (<see cref="ChatErrorKind.LimitReached"/>) or a budget is spent (<see cref="ChatErrorKind.QuotaSpent"/>).</exception>
    ChatRequest Admit(ChatRequest request);

    /// <summary>What is left for the next question of this kind.</summary>
    /// <param name="request">The question.</param>
    LimitReport Look(ChatRequest request);
}
