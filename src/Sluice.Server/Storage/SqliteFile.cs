using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Server.Features;

namespace Sluice.Server.Storage;

/// <summary>A SQLite file of the server's: how it is made, opened and brought to its schema, and what is said where that fails.</summary>
/// <remarks>Calls block on the disk: never from a request.</remarks>
/// <param name="Path">The file.</param>
/// <param name="What">What is in it, in words: the beginning of a sentence, such as <c>The keys' database</c>.</param>
/// <param name="Setting">The setting that names it.</param>
/// <param name="Migrations">The schema, version by version: the first statement makes version 1 out of nothing. <c>PRAGMA user_version</c> holds how many have run.</param>
internal sealed record SqliteFile(string Path, string What, string Setting, IReadOnlyList<string> Migrations)
{
    // How long a call waits for another process to let go of the file.
    private const int BusySeconds = 5;

    /// <summary>Opens the file, or makes it, readable for this user alone, and brings it to the schema.</summary>
    /// <exception cref="UsageException">It cannot be used; says the fix.</exception>
    public SqliteConnection Open()
    {
        SqliteConnection? connection = null;
        try
        {
            Make();
            connection = Connect();
            Execute(connection, null, "PRAGMA journal_mode = WAL");
            Upgrade(connection);
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new UsageException(CannotBeUsed(e));
            }

            throw;
        }
    }

    /// <summary>Why it cannot be made or written where it is, with the fix; null where it can.</summary>
    public string? Hindrance()
    {
        try
        {
            Make();
            File.Open(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return null;
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            return e is UsageException ? e.Message : CannotBeUsed(e);
        }
    }

    /// <summary>Another connection to the file, which has been opened before.</summary>
    /// <exception cref="SqliteException">It is gone, or something else by now.</exception>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        connection.Open();
        return connection;
    }

    private string CannotBeUsed(Exception e) => $"{What} {Path} cannot be used: {e.Message} Set {Setting} to a file that this user may write.";

    private void Make()
    {
        if (File.Exists(Path))
        {
            return;
        }

        PrivateDirectory.Make(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, What, Setting);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(Path, options).Dispose();
    }

    private void Upgrade(SqliteConnection connection)
    {
        // Two processes may find it old at once: the second one waits here, and finds it done.
        using var transaction = connection.BeginTransaction();
        var version = Execute(connection, transaction, "PRAGMA user_version");
        if (version > Migrations.Count)
        {
            throw new UsageException($"{What} {Path} was written by a newer version of Sluice (schema {version}, this one knows {Migrations.Count}). Use that version.");
        }

        for (var next = (int)version; next < Migrations.Count; next++)
        {
            Execute(connection, transaction, Migrations[next]);
        }

        if (version < Migrations.Count)
        {
            Execute(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Count}"));
        }

        transaction.Commit();
    }

    private static long Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
