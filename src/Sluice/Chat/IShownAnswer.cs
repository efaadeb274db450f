namespace Sluice.Chat;

/// <summary>Someone who shows an answer while it comes, and so knows what has been shown of it. A pipeline that wants to go on with an answer asks here
/// instead of keeping the text a second time.</summary>
internal interface IShownAnswer
{
    /// <summary>Whether what has been shown can be taken back (<see cref="ChatChunkKind.Reset"/>).</summary>
    bool TakesReset { get; }

    /// <summary>What has been shown: all chunks that were handed out.</summary>
    /// <returns>Null where it is more than one text.</returns>
    /// <remarks>Only inside a call of <c>MoveNextAsync</c>, before it waits for anything: on the thread of whoever takes the chunks.</remarks>
    AnswerSoFar? Read();
}
