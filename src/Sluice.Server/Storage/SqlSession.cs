using System.Data.Common;
using System.Globalization;

namespace Sluice.Server.Storage;

/// <summary>A connection on which statements run one after the other, inside a transaction where there is one.</summary>
/// <param name="connection">The connection. The caller's.</param>
/// <param name="transaction">The transaction; null for none.</param>
internal sealed class SqlSession(DbConnection connection, DbTransaction? transaction = null)
{
    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it has changed.</returns>
    /// <exception cref="DbException">The database says no.</exception>
    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks for rows.</summary>
    /// <param name="sql">The question.</param>
    /// <param name="read">Reads the row that the reader stands on.</param>
    /// <param name="values">The values of its parameters.</param>
    /// <exception cref="DbException">The database says no.</exception>
    public async Task<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync();
        var list = new List<T>();
        while (await rows.ReadAsync())
        {
            list.Add(read(rows));
        }

        return list;
    }

    /// <summary>Asks for one number.</summary>
    /// <returns>Null where there is no row.</returns>
    /// <exception cref="DbException">The database says no.</exception>
    public async Task<long?> NumberAsync(string sql, params (string Name, object? Value)[] values)
    {
        var rows = await ListAsync(sql, static row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture), values);
        return rows.Count == 0 ? null : rows[0];
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
