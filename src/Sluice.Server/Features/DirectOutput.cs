using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sluice.Server.Features;

/// <summary>What a connection sends, handed to its socket inside the flush that asks for it.</summary>
/// <remarks>
/// <code>
/// Kestrel =bytes=> buffer =FlushAsync=> socket                       as long as the kernel takes everything at once
///                         =rest=======> the transport's own pipe =>  where not: that one waits, and until it has nothing left all goes through it
/// </code>
/// The transport's pipe costs each small write a block, two locks and a loop that wakes. Whatever is not plain success (a full buffer, an error, a closed
/// socket) is left to it, so the ways in which a connection ends are Kestrel's own.
/// One writer at a time, as for any pipe. The socket must be a non-blocking one, and the pipe's flush complete only when the pipe is empty: <see cref="DirectOutputSettings"/>.
/// </remarks>
/// <param name="socket">The connection's. The transport's to close.</param>
/// <param name="pipe">The transport's way to the same socket.</param>
internal sealed class DirectOutput(Socket socket, PipeWriter pipe) : PipeWriter
{
    /// <summary>How many bytes can be sent without the pipe, in one flush.</summary>
    public const int BufferBytes = 4096;

    // Lent from the first byte written to the flush: between two tokens a connection holds nothing.
    private byte[]? _buffer;
    private int _length;
    private bool _isInPipe;
    private bool _isCancelled;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => pipe.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => _length + pipe.UnflushedBytes;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (!_isInPipe)
        {
            _buffer ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
            if (BufferBytes - _length >= Math.Max(sizeHint, 1))
            {
                return _buffer.AsMemory(_length, BufferBytes - _length);
            }

            MoveToPipe(sent: 0);
        }

        return pipe.GetMemory(sizeHint);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_isInPipe)
        {
            pipe.Advance(bytes);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer is null ? 0 : BufferBytes - _length);
        _length += bytes;
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!_isInPipe)
        {
            var sent = _length == 0 || Volatile.Read(ref _isCancelled) || cancellationToken.IsCancellationRequested ? 0 : Send();
            if (sent > 0 && sent == _length)
            {
                Forget();
                return default;
            }

            MoveToPipe(sent);
        }

        Volatile.Write(ref _isCancelled, false);
        var flush = pipe.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? new ValueTask<FlushResult>(Flushed(flush.Result)) : FlushedAsync(flush);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        // The pipe remembers it for the next flush, where none waits; so that one has to ask the pipe. In this order: a flush in between must not take the word for the deed.
        pipe.CancelPendingFlush();
        Volatile.Write(ref _isCancelled, true);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (!_isInPipe)
        {
            MoveToPipe(sent: 0);
        }

        pipe.Complete(exception);
    }

    // How many bytes the kernel has taken. Whatever kept it from more will keep the pipe from it, too, and is dealt with there.
    private int Send()
    {
        try
        {
            return socket.Send(_buffer.AsSpan(0, _length), SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    private void MoveToPipe(int sent)
    {
        if (_length > sent)
        {
            pipe.Write(_buffer.AsSpan(sent, _length - sent));
        }

        Forget();
        _isInPipe = true;
    }

    private void Forget()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _length = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<FlushResult> FlushedAsync(ValueTask<FlushResult> flush) => Flushed(await flush);

    private FlushResult Flushed(FlushResult result)
    {
        _isInPipe = result.IsCanceled || result.IsCompleted;
        return result;
    }
}
