namespace Sluice.Server.Storage;

/// <summary>A database, embedded or served: how something is run on it without holding up a socket's thread.</summary>
internal interface ISqlDatabase : IAsyncDisposable
{
    /// <summary>Opens it and brings it to the schema.</summary>
    /// <exception cref="Features.UsageException">It cannot be used; says the fix.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Reads.</summary>
    /// <param name="read">What to do. May be run on any thread; awaits nothing but the session.</param>
    /// <param name="cancellationToken">Ends the wait, not what has begun.</param>
    /// <exception cref="System.Data.Common.DbException">The database fails.</exception>
    Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Writes, as one transaction: all of it or nothing.</summary>
    /// <param name="write">What to do. May be run on any thread; awaits nothing but the session.</param>
    /// <param name="isDurable">Whether it must outlive the machine's power, too, once this has returned; otherwise only this process.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    /// <exception cref="System.Data.Common.DbException">The database fails.</exception>
    Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken);
}
