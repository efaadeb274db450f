using Microsoft.Extensions.Logging;
using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>Stops a generation's provider, and remembers who wanted that and why: the first one counts.</summary>
/// <param name="id">The stream's name.</param>
/// <param name="logger">Hears of defects.</param>
internal sealed class StopSignal(StreamId id, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>What the provider listens to.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether it has been told to stop.</summary>
    public bool IsSet => _cancel.IsCancellationRequested;

    /// <summary>The failure to report; null for a plain cancellation.</summary>
    public ChatProviderException? Reason { get; private set; }

    /// <summary>Who wanted it, in a word; null where nobody did.</summary>
    public string? Cause { get; private set; }

    /// <summary>Somebody wants it to stop.</summary>
    /// <param name="reason">The failure to report, or null for a plain cancellation.</param>
    /// <param name="cause">Who, in a word.</param>
    public void Because(ChatProviderException? reason, string cause)
    {
        Reason ??= reason;
        Cause ??= cause;
    }

    /// <summary>Tells the provider. Never throws.</summary>
    public void Set()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (AggregateException e)
        {
            // A callback on the provider's side failed. Whoever cancels (a connection's end, a timer, shutdown) is not the one to hear of it.
            StreamMessages.ProviderDefect(logger, e, id.Value);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();
}
