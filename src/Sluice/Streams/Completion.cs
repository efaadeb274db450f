using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>One answer in one piece: asked for once, awaited by everyone who asked with the same key.</summary>
/// <remarks>Begins with one client that waits. Safe for many threads.</remarks>
/// <param name="request">What is asked, with <see cref="ChatRequest.Stream"/> false.</param>
/// <param name="onDisconnect">What becomes of it when the last client that waits has left.</param>
/// <param name="logger">Hears of a provider's defects.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "The cancellation source lives as long as the call; see RunAsync.")]
internal sealed class Completion(ChatRequest request, DisconnectPolicy onDisconnect, ILogger logger) : IAskedOnce
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<byte[]> _body = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private ChatProviderException? _stopReason;
    private int _waiting = 1;
    private bool _isAbandoned;

    /// <summary>The body, once it is there; null before, and after a failure.</summary>
    public byte[]? Body { get; private set; }

    /// <summary>Completes when the provider has let go of everything; never fails.</summary>
    public Task Ended => _body.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <inheritdoc/>
    public bool CameToNothing => Volatile.Read(ref _isAbandoned) || (_body.Task.IsCompleted && Body is null);

    /// <summary>One more client waits.</summary>
    /// <returns>False where everyone has left, or it has failed: then nothing will come of it.</returns>
    public bool TryJoin()
    {
        lock (_lock)
        {
            _waiting += CameToNothing ? 0 : 1;
            return !CameToNothing;
        }
    }

    /// <summary>Waits for the body, for a client that has joined. It has left when this returns.</summary>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <returns>The body, the same for all. Not to be written to.</returns>
    /// <exception cref="ChatProviderException">It failed.</exception>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async Task<byte[]> WaitAsync(CancellationToken gone)
    {
        try
        {
            return await _body.Task.WaitAsync(gone);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Ends it with a failure, if it is not over yet.</summary>
    public void Stop(ChatProviderException reason)
    {
        _stopReason ??= reason;
        CancelCall();
    }

    /// <summary>Asks. Called once; never fails.</summary>
    /// <param name="provider">Whom.</param>
    public async Task RunAsync(IChatProvider provider)
    {
        ChatProviderException? error;
        try
        {
            (Body, error) = (await ReadAsync(provider), null);
        }
        catch (OperationCanceledException e) when (_cancel.IsCancellationRequested)
        {
            // Without a reason nobody is left to hear one.
            error = _stopReason ?? new ChatProviderException(ChatErrorKind.Truncated, "The answer was cancelled.", e);
        }
        catch (ChatProviderException e)
        {
            error = e;
        }
        catch (Exception e)
        {
            StreamMessages.CompletionDefect(logger, e);
            error = ChatProviderException.Defect(e);
        }
        finally
        {
            // Before anyone has the body: who asks the next question at once finds the place free.
            request.Grant?.Dispose();
        }

        lock (_lock)
        {
            _cancel.Dispose();
            if (error is null)
            {
                _body.SetResult(Body!);
            }
            else
            {
                _body.SetException(error);
            }
        }

        // Looked at, although everyone may have left.
        _ = _body.Task.Exception;
    }

    private async Task<byte[]> ReadAsync(IChatProvider provider)
    {
        byte[]? body = null;
        await foreach (var chunk in provider.StreamAsync(request, _cancel.Token))
        {
            body = chunk.Kind == ChatChunkKind.Completion ? chunk.Json.ToArray() : body;
            if (chunk.Kind == ChatChunkKind.Done && body is not null)
            {
                // Whole. What comes behind that neither keeps anyone waiting nor makes it a failure.
                return body;
            }
        }

        throw new ChatProviderException(ChatErrorKind.Truncated, "The provider ended without a whole answer.");
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_waiting > 0 || onDisconnect == DisconnectPolicy.Detach || _body.Task.IsCompleted)
            {
                return;
            }

            _isAbandoned = true;
        }

        CancelCall();
    }

    private void CancelCall()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in this very moment.
        }
        catch (AggregateException e)
        {
            // A callback on the provider's side failed. Whoever cancels is not the one to hear of it.
            StreamMessages.CompletionDefect(logger, e);
        }
    }
}
