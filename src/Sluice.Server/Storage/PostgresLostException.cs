using System.Data.Common;
using System.Net.Sockets;

namespace Sluice.Server.Storage;

/// <summary>The database cannot be reached: its name leads nowhere, or the connection broke or took too long.</summary>
/// <param name="inner">What the network said.</param>
internal sealed class PostgresLostException(Exception inner) : DbException(inner.Message, inner)
{
    /// <summary>Whether an exception says so that is none of a database's.</summary>
    public static bool IsCause(Exception e) => e is SocketException or TimeoutException or IOException;
}
