using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Remembers which models one upstream has, so that it is asked once a few minutes at most.</summary>
internal sealed class ModelDirectory(IModelSource source, TimeProvider time)
{
    private static readonly TimeSpan KeepList = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeepFailure = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<string>>? _list;
    private long _askedAt;

    /// <summary>The models, in the upstream's order.</summary>
    /// <param name="cancellationToken">Ends this wait; others that wait for the same list go on.</param>
    /// <exception cref="ChatProviderException">The upstream did not say.</exception>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Reading the exception also observes it, where everybody who waited for the list had left.
            var keep = _list is { Exception: not null } ? KeepFailure : KeepList;
            if (_list is null || (_list.IsCompleted && time.GetElapsedTime(_askedAt) > keep))
            {
                _askedAt = time.GetTimestamp();
                _list = AskAsync();
            }

            return _list.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Asks the upstream, whatever is remembered.</summary>
    /// <param name="cancellationToken">Ends this wait.</param>
    /// <exception cref="ChatProviderException">The upstream did not say.</exception>
    public Task<IReadOnlyList<string>> AskAnewAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // One that is under way is new enough.
            if (_list is not { IsCompleted: false })
            {
                _askedAt = time.GetTimestamp();
                _list = AskAsync();
            }

            return _list.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> AskAsync()
    {
        using var limit = new CancellationTokenSource(MaxWait, time);
        try
        {
            return await source.ListModelsAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new ChatProviderException(ChatErrorKind.HeadersTimeout, $"The upstream did not list its models within {MaxWait.TotalSeconds} s.", e);
        }
    }
}
