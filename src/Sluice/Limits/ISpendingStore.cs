namespace Sluice.Limits;

/// <summary>Keeps what has been spent, so that budgets outlive the process.</summary>
/// <remarks>Called by one task, never while someone waits for an answer: all amounts of a few seconds come together.</remarks>
public interface ISpendingStore
{
    /// <summary>What has been spent since a day, once at the start.</summary>
    /// <param name="since">The first day that counts.</param>
    /// <param name="cancellationToken">The start was given up.</param>
    /// <returns>At most one entry per account and day.</returns>
    Task<IReadOnlyCollection<Spending>> LoadAsync(DateOnly since, CancellationToken cancellationToken);

    /// <summary>Adds amounts to what has been spent: all of them, or, where it throws, none.</summary>
    /// <param name="amounts">At most one per account and day.</param>
    /// <param name="cancellationToken">The write was given up.</param>
    Task AddAsync(IReadOnlyCollection<Spending> amounts, CancellationToken cancellationToken);
}
