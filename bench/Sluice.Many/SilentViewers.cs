using System.Net;

namespace Sluice.Many;

/// <summary>Viewers that ask and never read: when the server lets go of each.</summary>
internal sealed class SilentViewers : IDisposable
{
    private readonly List<EventConnection> _connections = [];
    private readonly HashSet<int> _open = [];

    /// <summary>How many the server still holds.</summary>
    public int Open => _open.Count;

    /// <summary>They come.</summary>
    /// <param name="to">The server.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="count">How many.</param>
    /// <param name="receiveBytes">The kernel's receive buffer of each; 0 leaves it as it is.</param>
    public async Task ComeAsync(IPEndPoint to, string stream, int count, int receiveBytes)
    {
        for (var i = 0; i < count; i++)
        {
            var connection = await EventConnection.SendAsync(to, Requests.Events(stream, 0), receiveBytes, bufferBytes: 16);
            _connections.Add(connection);
            _open.Add(connection.LocalPort);
        }
    }

    /// <summary>Looks which are still held: at the server's side, since what it says at parting cannot reach a client whose buffers are full. Reads nothing of theirs.</summary>
    public void Look(int serverPort) => _open.IntersectWith(Connections.Of(serverPort));

    public void Dispose() => _connections.ForEach(static connection => connection.Dispose());
}
