using System.Data.Common;
using Sluice.Server.Storage;

namespace Sluice.Tests.Server.Conversations;

/// <summary>A database that does not write for a while.</summary>
internal sealed class FlakyDatabase(ISqlDatabase database) : ISqlDatabase
{
    private int _failures;
    private int _failed;

    /// <summary>How many writes fail from now on.</summary>
    public int Failures
    {
        set => Volatile.Write(ref _failures, value);
    }

    /// <summary>How many have failed.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public Task OpenAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    public Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken) => database.ReadAsync(read, cancellationToken);

    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _failures) < 0)
        {
            return database.WriteAsync(write, isDurable, cancellationToken);
        }

        Interlocked.Increment(ref _failed);
        return Task.FromException<T>(new FullException());
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private sealed class FullException() : DbException("The disk is full.");
}
