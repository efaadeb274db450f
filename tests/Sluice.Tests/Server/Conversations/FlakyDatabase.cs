using System.Data.Common;
using Sluice.Server.Storage;

namespace Sluice.Tests.Server.Conversations;

/// <summary>A database that does not write for a while. It has been opened by whoever hands it over.</summary>
internal sealed class FlakyDatabase(ISqlDatabase database) : ISqlDatabase
{
    private int _failures;
    private int _failed;
    private int _durable;

    /// <summary>How many writes fail from now on.</summary>
    public int Failures
    {
        set => Volatile.Write(ref _failures, value);
    }

    /// <summary>Whether writes fail, beside that, that need not be durable.</summary>
    public bool FailsCheckpoints { get; init; }

    /// <summary>What they fail with.</summary>
    public Exception Failure { get; init; } = new FullException();

    /// <summary>How many have failed.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>How many durable ones have been let through.</summary>
    public int Durable => Volatile.Read(ref _durable);

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken) => database.ReadAsync(read, cancellationToken);

    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _failures) >= 0 || (FailsCheckpoints && !isDurable))
        {
            Interlocked.Increment(ref _failed);
            return Task.FromException<T>(Failure);
        }

        if (isDurable)
        {
            Interlocked.Increment(ref _durable);
        }

        return database.WriteAsync(write, isDurable, cancellationToken);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private sealed class FullException() : DbException("The disk is full.");
}
