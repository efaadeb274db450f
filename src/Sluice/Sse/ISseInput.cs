using System.IO.Pipelines;

namespace Sluice.Sse;

/// <summary>What an event stream is read from: it is asked, and says whether there is anything. Waiting for it takes no task.</summary>
/// <remarks>One reader.</remarks>
internal interface ISseInput
{
    /// <summary>Takes what is there.</summary>
    /// <param name="cancellationToken">Ends the wait that may follow.</param>
    /// <param name="result">The bytes, valid until <see cref="AdvanceTo"/>, and whether they are the last.</param>
    /// <returns>False where nothing is there: <see cref="Wait"/> must follow, and then this with the same token.</returns>
    bool TryRead(CancellationToken cancellationToken, out ReadResult result);

    /// <summary>Waits until something is there.</summary>
    /// <param name="waiter">Executed once, when <see cref="TryRead"/> has something to say, or at least more to go on.</param>
    void Wait(IThreadPoolWorkItem waiter);

    /// <summary>Gives back what <see cref="TryRead"/> took.</summary>
    /// <param name="consumed">Its end.</param>
    void AdvanceTo(SequencePosition consumed);

    /// <summary>Nothing more is read.</summary>
    ValueTask CompleteAsync();
}
