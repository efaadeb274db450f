using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Many;

/// <summary>One request on a connection of its own, and its answer read event by event, by a reader that shares no code with the server's.</summary>
internal sealed class EventConnection : IDisposable
{
    private const int ChunkHead = 0;
    private const int ChunkBody = 1;
    private const int ChunkTail = 2;
    private const int Over = 3;

    private readonly Socket _socket;
    private byte[] _in;
    private int _inStart;
    private int _inEnd;
    private byte[] _body;
    private int _bodyStart;
    private int _bodyEnd;
    private int _state;
    private long _left;

    private EventConnection(Socket socket, int bufferBytes) => (_socket, _in, _body) = (socket, new byte[bufferBytes], new byte[bufferBytes]);

    /// <summary>The answer's status.</summary>
    public int Status { get; private set; }

    /// <summary>The answer's head, as it came.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Whether the answer ended without its closing chunk.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The event's number, from its id; 0 without one.</summary>
    public long Sequence { get; private set; }

    /// <summary>The event's data; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>The last <c>retry:</c> in milliseconds; null without one.</summary>
    public int? Retry { get; private set; }

    /// <summary>Its port on this side.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Whether the server has not closed it. What has arrived and was not read does not matter.</summary>
    public bool IsOpen => !_socket.Poll(0, SelectMode.SelectRead) || _socket.Available > 0;

    /// <summary>Connects and sends.</summary>
    /// <param name="to">The server.</param>
    /// <param name="request">Head and body, ready to send.</param>
    /// <param name="receiveBytes">The kernel's receive buffer; 0 leaves it as it is.</param>
    /// <param name="bufferBytes">How much is read at once.</param>
    public static async Task<EventConnection> SendAsync(IPEndPoint to, byte[] request, int receiveBytes = 0, int bufferBytes = 4096)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (receiveBytes > 0)
            {
                socket.ReceiveBufferSize = receiveBytes;
            }

            await socket.ConnectAsync(to);
            await socket.SendAsync(request);
            return new EventConnection(socket, bufferBytes);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, sends, and reads the answer's head.</summary>
    public static async Task<EventConnection> OpenAsync(IPEndPoint to, byte[] request, int bufferBytes = 4096)
    {
        var connection = await SendAsync(to, request, bufferBytes: bufferBytes);
        try
        {
            await connection.ReadHeadAsync();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A header of the answer; null where it has none.</summary>
    public string? Header(string name)
    {
        var at = Head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : Head[(at + name.Length + 4)..Head.IndexOf("\r\n", at + 2, StringComparison.Ordinal)];
    }

    /// <summary>Reads the next event.</summary>
    /// <returns>False where the answer has ended.</returns>
    public async ValueTask<bool> ReadAsync()
    {
        while (!TryTake())
        {
            if (_state == Over || !await FillAsync())
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadHeadAsync()
    {
        int end;
        while ((end = _in.AsSpan(0, _inEnd).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_inEnd == _in.Length)
            {
                Array.Resize(ref _in, _in.Length * 2);
            }

            var read = await _socket.ReceiveAsync(_in.AsMemory(_inEnd));
            if (read == 0)
            {
                throw new IOException("The connection ended before its answer.");
            }

            _inEnd += read;
        }

        Head = Encoding.ASCII.GetString(_in, 0, end + 4);
        Status = int.Parse(Head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        _inStart = end + 4;
        if (Header("Transfer-Encoding") is null)
        {
            _state = Over;
            return;
        }

        Decode();
    }

    private async ValueTask<bool> FillAsync()
    {
        _inStart = 0;
        _inEnd = await _socket.ReceiveAsync(_in);
        if (_inEnd == 0)
        {
            IsCut = true;
            _state = Over;
            return false;
        }

        Decode();
        return true;
    }

    private void Decode()
    {
        while (_inStart < _inEnd && _state != Over)
        {
            var next = _in[_inStart];
            switch (_state)
            {
                case ChunkHead:
                    _inStart++;
                    if (next == '\n')
                    {
                        _state = _left == 0 ? Over : ChunkBody;
                    }
                    else if (next != '\r')
                    {
                        _left = (_left * 16) + Convert.ToInt32(((char)next).ToString(), 16);
                    }

                    break;
                case ChunkBody:
                    var count = (int)Math.Min(_left, _inEnd - _inStart);
                    Append(_in.AsSpan(_inStart, count));
                    _inStart += count;
                    _left -= count;
                    _state = _left == 0 ? ChunkTail : ChunkBody;
                    break;
                default:
                    _inStart++;
                    _state = next == '\n' ? ChunkHead : ChunkTail;
                    break;
            }
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_body.Length - _bodyEnd < bytes.Length)
        {
            var kept = _bodyEnd - _bodyStart;
            var target = kept + bytes.Length <= _body.Length ? _body : new byte[(kept + bytes.Length) * 2];
            _body.AsSpan(_bodyStart, kept).CopyTo(target);
            (_body, _bodyStart, _bodyEnd) = (target, 0, kept);
        }

        bytes.CopyTo(_body.AsSpan(_bodyEnd));
        _bodyEnd += bytes.Length;
    }

    private bool TryTake()
    {
        var rest = _body.AsSpan(_bodyStart, _bodyEnd - _bodyStart);
        var length = rest.IndexOf("\n\n"u8);
        if (length < 0)
        {
            if (rest.StartsWith("retry: "u8) && _state == Over)
            {
                TakeLine(rest);
            }

            return false;
        }

        var frame = rest[..length];
        (Sequence, Data) = (0, default);
        var at = _bodyStart;
        while (!frame.IsEmpty)
        {
            var end = frame.IndexOf((byte)'\n');
            var line = end < 0 ? frame : frame[..end];
            if (line.StartsWith("data: "u8))
            {
                Data = _body.AsMemory(at + 6, line.Length - 6);
            }
            else
            {
                TakeLine(line);
            }

            frame = end < 0 ? default : frame[(end + 1)..];
            at += line.Length + 1;
        }

        _bodyStart += length + 2;
        return Data.Length > 0 || TryTake();
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("id: "u8) && Utf8Parser.TryParse(line[(line.LastIndexOf((byte)'.') + 1)..], out long sequence, out _))
        {
            Sequence = sequence;
        }
        else if (line.StartsWith("retry: "u8) && Utf8Parser.TryParse(line[7..], out int retry, out _))
        {
            Retry = retry;
        }
    }
}
