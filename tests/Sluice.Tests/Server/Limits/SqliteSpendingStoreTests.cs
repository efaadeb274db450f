using Sluice.Limits;
using Sluice.Server.Features;
using Sluice.Server.Limits;

namespace Sluice.Tests.Server.Limits;

public sealed class SqliteSpendingStoreTests : IDisposable
{
    private static readonly DateOnly First = new(2026, 11, 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-spending-").FullName;

    private string File => Path.Combine(_folder, "spending.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Added_IsLoadedAgain_AsASum()
    {
        var store = new SqliteSpendingStore(File);
        Assert.Empty(await LoadAsync(store));
        await AddAsync(store, new Spending("caller:a", First, 10, 0.123456789m), new Spending("caller:a", First.AddDays(1), 1, 1));
        await AddAsync(new SqliteSpendingStore(File), new Spending("caller:a", First, 5, 0.000000001m), new Spending("model:it's \"ö\"", First, 7, 0));
        Assert.Equal(
            [new("caller:a", First, 15, 0.123456790m), new("caller:a", First.AddDays(1), 1, 1), new("model:it's \"ö\"", First, 7, 0)],
            (await LoadAsync(store)).OrderBy(amount => amount.Account, StringComparer.Ordinal).ThenBy(amount => amount.Day));
    }

    [Fact]
    public async Task Load_EarlierMonths_AreLeftOut_AndKeptForAYear()
    {
        var store = new SqliteSpendingStore(File);
        await LoadAsync(store);
        await AddAsync(store, new Spending("a", First.AddDays(-1), 1, 0), new Spending("a", First.AddDays(-500), 1, 0));
        Assert.Empty(await LoadAsync(store));
        Assert.Equal(First.AddDays(-1), Assert.Single(await store.LoadAsync(First.AddDays(-1000), TestContext.Current.CancellationToken)).Day);
    }

    [Fact]
    public async Task VeryMuch_StaysANumber()
    {
        var store = new SqliteSpendingStore(File);
        await LoadAsync(store);
        for (var i = 0; i < 3; i++)
        {
            await AddAsync(store, new Spending("a", First, long.MaxValue, decimal.MaxValue / 1_000_000_000_000m));
        }

        Assert.Equal(9_000_000_000m, Assert.Single(await LoadAsync(store)).Cost);
    }

    [Fact]
    public async Task ManyServers_ShareAFile()
    {
        await LoadAsync(new SqliteSpendingStore(File));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await AddAsync(new SqliteSpendingStore(File), new Spending("a", First, 1, 0.5m));
            }
        })));
        Assert.Equal(new Spending("a", First, 80, 40), Assert.Single(await LoadAsync(new SqliteSpendingStore(File))));
    }

    [Fact]
    public async Task File_InAFolderThatCannotBeMade_IsAProblemWithItsFix()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "none"), "", TestContext.Current.CancellationToken);
        var problem = await Assert.ThrowsAsync<UsageException>(() => LoadAsync(new SqliteSpendingStore(Path.Combine(_folder, "none", "x.db"))));
        Assert.Contains("Sluice:Limits:SpendingFile", problem.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyCollection<Spending>> LoadAsync(SqliteSpendingStore store) => store.LoadAsync(First, TestContext.Current.CancellationToken);

    private static Task AddAsync(SqliteSpendingStore store, params Spending[] amounts) => store.AddAsync(amounts, TestContext.Current.CancellationToken);
}
