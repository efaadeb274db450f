namespace Sluice.Server.Conversations;

/// <summary>Says at start that no conversations are kept, since there is no place for them.</summary>
internal sealed class NothingKept(ILogger<NothingKept> logger, string hindrance) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ConversationMessages.NothingIsKept(logger, hindrance);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
