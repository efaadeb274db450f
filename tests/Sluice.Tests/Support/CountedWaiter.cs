namespace Sluice.Tests.Support;

/// <summary>Somebody who waits: counts how often it is executed, and sees whether that is ever inside the call that begins the wait.</summary>
internal sealed class CountedWaiter(Action? onExecute = null) : IThreadPoolWorkItem, IDisposable
{
    [ThreadStatic]
    private static CountedWaiter? t_begins;

    private readonly SemaphoreSlim _executed = new(0);
    private int _count;

    /// <summary>How often it has been executed.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether it was executed where the caller could go ever deeper.</summary>
    public bool WasInside { get; private set; }

    /// <summary>Begins a wait.</summary>
    public void Begin(Action<IThreadPoolWorkItem> wait)
    {
        t_begins = this;
        wait(this);
        t_begins = null;
    }

    /// <summary>Waits until it has been executed once more.</summary>
    public Task ExecutedAsync() => _executed.WaitAsync(TestContext.Current.CancellationToken).Soon();

    public void Execute()
    {
        WasInside |= t_begins == this;
        onExecute?.Invoke();
        Interlocked.Increment(ref _count);
        _executed.Release();
    }

    public void Dispose() => _executed.Dispose();
}
