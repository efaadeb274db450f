using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Limits;
using Sluice.Server.Storage;

namespace Sluice.Server.Limits;

/// <summary>What has been spent, in a SQLite file: a row per account and day, to which amounts are added.</summary>
/// <remarks>Several servers of one machine may share the file. Calls block on the disk, so they are never a question's.</remarks>
/// <param name="path">The file.</param>
internal sealed class SqliteSpendingStore(string path) : ISpendingStore
{
    // Cost is kept in whole billionths: sums of them are exact, and nine billion fit.
    private const decimal Billion = 1_000_000_000m;
    private const long Most = 9_000_000_000_000_000_000;
    private const int DaysKept = 400;

    // Files of the first version have no number; their table is the same.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE IF NOT EXISTS spending (account TEXT NOT NULL, day TEXT NOT NULL, tokens INTEGER NOT NULL, cost INTEGER NOT NULL, PRIMARY KEY (account, day)) WITHOUT ROWID;
        """,
    ];

    // SQLite makes a floating number of a sum that is too large.
    private const string Add = """
        INSERT INTO spending (account, day, tokens, cost) VALUES ($account, $day, $tokens, $cost)
        ON CONFLICT (account, day) DO UPDATE SET tokens = min($most, tokens + excluded.tokens), cost = min($most, cost + excluded.cost)
        """;

    private readonly SqliteFile _file = new(path, "The file of what has been spent,", "Sluice:Limits:SpendingFile", Migrations);

    /// <inheritdoc/>
    /// <exception cref="Features.UsageException">The file cannot be used.</exception>
    public async Task<IReadOnlyCollection<Spending>> LoadAsync(DateOnly since, CancellationToken cancellationToken)
    {
        await using var connection = _file.Open();
        await using var forget = connection.CreateCommand();
        forget.CommandText = "DELETE FROM spending WHERE day < $day";
        forget.Parameters.AddWithValue("$day", Text(since.AddDays(-DaysKept)));
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT account, day, tokens, cost FROM spending WHERE day >= $day";
        select.Parameters.AddWithValue("$day", Text(since));
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var spent = new List<Spending>();
        while (await rows.ReadAsync(cancellationToken))
        {
            spent.Add(new Spending(rows.GetString(0), DateOnly.ParseExact(rows.GetString(1), "yyyy-MM-dd", CultureInfo.InvariantCulture), rows.GetInt64(2), rows.GetInt64(3) / Billion));
        }

        return spent;
    }

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyCollection<Spending> amounts, CancellationToken cancellationToken)
    {
        // One connection for each batch: nothing is held open between two of them, and a file that was replaced is found.
        await using var connection = _file.Connect();
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var add = connection.CreateCommand();
        add.Transaction = transaction;
        add.CommandText = Add;
        add.Parameters.AddWithValue("$most", Most);
        var account = add.Parameters.Add("$account", SqliteType.Text);
        var day = add.Parameters.Add("$day", SqliteType.Text);
        var tokens = add.Parameters.Add("$tokens", SqliteType.Integer);
        var cost = add.Parameters.Add("$cost", SqliteType.Integer);
        foreach (var amount in amounts)
        {
            account.Value = amount.Account;
            day.Value = Text(amount.Day);
            tokens.Value = Math.Min(amount.Tokens, Most);
            cost.Value = (long)decimal.Round(Math.Min(amount.Cost * Billion, Most));
            await add.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
