using System.Threading.Channels;
using Sluice.Limits;

namespace Sluice.Tests.Support;

/// <summary>A store in memory that a test may fill, look at, and let fail.</summary>
internal sealed class HeldSpendingStore : ISpendingStore
{
    private readonly Channel<IReadOnlyCollection<Spending>> _writes = Channel.CreateUnbounded<IReadOnlyCollection<Spending>>();

    public List<Spending> Kept { get; } = [];

    /// <summary>How many of the next writes fail.</summary>
    public int Failing { get; set; }

    /// <summary>Waits for the next try to write.</summary>
    public Task<IReadOnlyCollection<Spending>> NextAsync() => _writes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    public Task<IReadOnlyCollection<Spending>> LoadAsync(DateOnly since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyCollection<Spending>>(Kept.FindAll(amount => amount.Day >= since));

    public Task AddAsync(IReadOnlyCollection<Spending> amounts, CancellationToken cancellationToken)
    {
        var fails = Failing-- > 0;
        if (!fails)
        {
            Kept.AddRange(amounts);
        }

        _writes.Writer.TryWrite(amounts);
        return fails ? Task.FromException(new IOException("disk full")) : Task.CompletedTask;
    }
}
