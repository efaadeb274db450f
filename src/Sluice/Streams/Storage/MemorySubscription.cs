namespace Sluice.Streams.Storage;

/// <summary>Someone who wants to hear of news.</summary>
internal sealed class MemorySubscription(Action<long> onNews) : IDisposable
{
    private volatile bool _isDisposed;

    public bool IsDisposed => _isDisposed;

    public void Tell(long last)
    {
        if (!_isDisposed)
        {
            onNews(last);
        }
    }

    public void Dispose() => _isDisposed = true;
}
