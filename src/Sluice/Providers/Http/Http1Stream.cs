using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sluice.Providers.Http;

/// <summary>A connected socket as a stream, of which nothing is kept for writing: see <see cref="SocketCall"/>.</summary>
/// <param name="socket">The socket. The stream's own from now on.</param>
internal sealed class Http1Stream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            // What is sent is only read.
            await SocketCall.SendAsync(Socket, MemoryMarshal.AsMemory(buffer), cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection broke while it was written to.", e);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
