using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The step that gets an answer: chooses a target, asks it again or another one while nothing has been shown, and hands the answer through.</summary>
/// <remarks>
/// <code>
/// question -> who is next? -> permit -> call -> role, filters (held back) ... | first token: committed | token token token ... end
///                  ^                      |                                   |
///                  +-- retry / fail over -+                                   +-- no way back: a failure from here on is told
/// </code>
/// Choosing, retrying and failing over are one step, since they share the commit point and one budget of calls and time; each of the decisions is a class
/// of its own: <see cref="TargetChoice"/>, <see cref="TargetHealth"/>, <see cref="RetryPolicy"/>, <see cref="RetryBudget"/>.
/// </remarks>
internal sealed class FailoverProvider(FailoverServices services) : IChatProvider
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) =>
        new ChunkAnswer(token => new FailoverCall(services, request, token), cancellationToken);
}
