namespace Sluice.Server.Storage;

/// <summary>Shows whether another server uses an embedded database: a locked file beside it, which the system unlocks when its process ends, however it does.</summary>
/// <param name="file">The database's file; null for a database that is served, which many may use.</param>
/// <param name="where">Where the data is, in words without secrets.</param>
internal sealed class ServerLock(string? file, string where) : IDisposable
{
    // Somebody else who looks holds the file for a moment.
    private const int MaxTries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private FileStream? _held;

    /// <summary>Where the data is, in words without secrets.</summary>
    public string Where => where;

    /// <summary>Shows, for as long as this lives, that a server uses the database.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether no other one does. Where that cannot be told, false.</returns>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return false;
        }

        // Servers share the lock; alone is who can have it for itself.
        var alone = TryOpen(FileAccess.ReadWrite, FileShare.None);
        var isAlone = alone is not null;
        if (alone is not null)
        {
            await alone.DisposeAsync();
        }

        for (var tries = 0; (_held = TryOpen(FileAccess.Read, FileShare.Read)) is null && tries < MaxTries; tries++)
        {
            await Task.Delay(Pause, cancellationToken);
        }

        return isAlone;
    }

    /// <inheritdoc/>
    public void Dispose() => _held?.Dispose();

    private FileStream? TryOpen(FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(file + ".lock", options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another server's. Its answers are its own; those of a dead one are found when it has been silent for a while.
            return null;
        }
    }
}
