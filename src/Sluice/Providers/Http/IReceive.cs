namespace Sluice.Providers.Http;

/// <summary>How a connection's bytes are received: it is asked, and says whether there are any. Waiting for them takes no task.</summary>
/// <remarks>One reader.</remarks>
internal interface IReceive : IDisposable
{
    /// <summary>Takes what has come, or begins to receive.</summary>
    /// <param name="buffer">Where to, if none is under way.</param>
    /// <param name="count">How many bytes have come; 0 at the end of the connection.</param>
    /// <returns>False where nothing has come yet, and the buffer may still be written into: <see cref="Wait"/> must follow.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    bool TryReceive(Memory<byte> buffer, out int count);

    /// <summary>Waits for what is under way. Called once for each.</summary>
    /// <param name="waiter">Executed when <see cref="TryReceive"/> has something to say.</param>
    void Wait(IThreadPoolWorkItem waiter);
}
