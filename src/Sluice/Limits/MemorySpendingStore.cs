namespace Sluice.Limits;

/// <summary>Keeps nothing: budgets begin anew with the process.</summary>
internal sealed class MemorySpendingStore : ISpendingStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyCollection<Spending>> LoadAsync(DateOnly since, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<Spending>>([]);

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyCollection<Spending> amounts, CancellationToken cancellationToken) => Task.CompletedTask;
}
