using Sluice.Diagnostics;

namespace Sluice.Providers.Http;

/// <summary>The connections to one upstream that serve nobody at the moment.</summary>
internal sealed class Http1Pool : IDisposable
{
    /// <summary>How long a connection is used, so that a change of DNS is seen.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection is kept for the next request.</summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(60);

    private readonly Uri _origin;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _time;
    private readonly UpstreamTraffic _traffic;
    private readonly ITimer _sweep;
    private readonly Lock _lock = new();
    private readonly List<Http1Connection> _idle = [];
    private bool _isDisposed;

    public Http1Pool(Uri origin, TimeSpan connectTimeout, TimeProvider time, UpstreamTraffic? traffic = null)
    {
        _origin = origin;
        _connectTimeout = connectTimeout;
        _time = time;
        _traffic = traffic ?? new UpstreamTraffic();
        _sweep = time.CreateTimer(static pool => ((Http1Pool)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A connection that is the caller's alone: one that is idle, or a new one.</summary>
    public async ValueTask<Http1Connection> RentAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (TryPop() is { } connection)
        {
            if (IsFresh(connection) && connection.IsQuiet())
            {
                return connection;
            }

            connection.Close();
        }

        return await ConnectAsync(cancellationToken);
    }

    /// <summary>Takes a connection back whose last answer was read to its end.</summary>
    public void Return(Http1Connection connection)
    {
        connection.Rest();
        connection.IdleSince = _time.GetTimestamp();
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _idle.Add(connection);
                if (_idle.Count == 1)
                {
                    _sweep.Change(MaxIdle, Timeout.InfiniteTimeSpan);
                }

                return;
            }
        }

        connection.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        _sweep.Dispose();
        CloseWhere(static _ => true);
    }

    private async Task<Http1Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Http1Connection.ConnectAsync(_origin, _connectTimeout, _time, cancellationToken, _traffic);
        }
        catch (HttpRequestException e)
        {
            _traffic.Fail(e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "name_resolution",
                HttpRequestError.SecureConnectionError => "tls",
                _ => "refused",
            });
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _traffic.Fail("timeout");
            throw;
        }
    }

    // The one that was used last: the others may grow old and go.
    private Http1Connection? TryPop()
    {
        lock (_lock)
        {
            if (_idle.Count == 0)
            {
                return null;
            }

            var last = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return last;
        }
    }

    private bool IsFresh(Http1Connection connection) =>
        _time.GetElapsedTime(connection.ConnectedAt) < MaxAge && _time.GetElapsedTime(connection.IdleSince) < MaxIdle;

    private void Sweep()
    {
        CloseWhere(connection => !IsFresh(connection));
        lock (_lock)
        {
            if (_idle.Count > 0 && !_isDisposed)
            {
                var oldest = _time.GetElapsedTime(_idle.Min(connection => connection.IdleSince));
                var left = MaxIdle - oldest;
                _sweep.Change(left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void CloseWhere(Func<Http1Connection, bool> closes)
    {
        List<Http1Connection> closed;
        lock (_lock)
        {
            closed = _idle.FindAll(connection => closes(connection));
            _idle.RemoveAll(closed.Contains);
        }

        closed.ForEach(static connection => connection.Close());
    }
}
