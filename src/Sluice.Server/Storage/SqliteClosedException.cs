using System.Data.Common;

namespace Sluice.Server.Storage;

/// <summary>The database has been closed: the server is stopping.</summary>
/// <param name="inner">What was thrown; null for nothing else.</param>
internal sealed class SqliteClosedException(Exception? inner) : DbException("The database has been closed.", inner)
{
    /// <summary>Throws it where that is so.</summary>
    public static void ThrowIf(bool isClosed)
    {
        if (isClosed)
        {
            throw new SqliteClosedException(null);
        }
    }
}
