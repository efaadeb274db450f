namespace Sluice.Server.Storage;

/// <summary>Shows that no other server uses an embedded database: a locked file beside it, which the system unlocks when its process ends, however it does.</summary>
/// <param name="file">The database's file; null for a database that is served, which many may use.</param>
/// <param name="where">Where the data is, in words without secrets.</param>
internal sealed class ServerLock(string? file, string where) : IDisposable
{
    private FileStream? _held;

    /// <summary>Where the data is, in words without secrets.</summary>
    public string Where => where;

    /// <summary>Takes the lock, for as long as this lives.</summary>
    /// <returns>False where another server may live.</returns>
    public bool TryTake()
    {
        if (file is null)
        {
            return false;
        }

        try
        {
            _held = new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            // Held by another server: its answers are its own. Those of a dead one are found when it has been silent for a while.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held?.Dispose();
}
