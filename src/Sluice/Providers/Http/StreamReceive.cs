using Sluice.Chat;

namespace Sluice.Providers.Http;

/// <summary>Receives from a stream: TLS.</summary>
/// <param name="stream">The stream. Disposed with this.</param>
internal sealed class StreamReceive(Stream stream) : IReceive
{
    private readonly PolledTask<int> _read = new();

    /// <summary>Whether a receive has begun whose outcome has not been taken.</summary>
    public bool IsUnderWay => _read.IsUnderWay;

    /// <inheritdoc/>
    public bool TryReceive(Memory<byte> buffer, out int count)
    {
        if (!_read.IsUnderWay)
        {
            _read.Begin(stream.ReadAsync(buffer, CancellationToken.None));
        }

        return _read.TryTake(out count);
    }

    /// <inheritdoc/>
    public void Wait(IThreadPoolWorkItem waiter) => _read.Wait(waiter);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
