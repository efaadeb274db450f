using System.Net;
using System.Net.Sockets;
using Sluice.Server.Load;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Many;

/// <summary>One viewer of a stream: checks that every event comes once, in order, and is what the others read.</summary>
/// <param name="to">The server.</param>
/// <param name="stream">The stream.</param>
/// <param name="answer">What all read.</param>
/// <param name="findings">Gets what is wrong.</param>
internal sealed class Viewer(IPEndPoint to, string stream, SharedAnswer answer, Findings findings)
{
    private EventConnection? _connection;
    private long _sequence;
    private long _liveAfter;
    private volatile bool _leaves;

    /// <summary>Where delays are noted, while they are.</summary>
    public LatencyHistogram? Latency { get; set; }

    /// <summary>Completes when the viewer has its first event since it came.</summary>
    public TaskCompletionSource Seen { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the viewer has left, or read the end.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Whether it has read the terminal event.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Comes.</summary>
    /// <param name="isFresh">Whether it has seen nothing, or what it saw when it was here last.</param>
    public void Come(bool isFresh)
    {
        _leaves = false;
        Seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sequence = isFresh ? 0 : _sequence;
        Running = RunAsync();
    }

    /// <summary>Leaves in the middle of it.</summary>
    public Task LeaveAsync()
    {
        _leaves = true;
        Volatile.Read(ref _connection)?.Dispose();
        return Running;
    }

    private async Task RunAsync()
    {
        try
        {
            using var connection = await EventConnection.OpenAsync(to, Requests.Events(stream, _sequence), bufferBytes: 2048);
            Volatile.Write(ref _connection, connection);
            _liveAfter = answer.Last + 1;
            if (connection.Status == 204)
            {
                findings.Check(_sequence == answer.Last, "204 although there was more");
                HasEnd = true;
                return;
            }

            findings.Check(connection.Status == 200, FormattableString.Invariant($"a viewer is answered with {connection.Status}"));
            var isFirst = true;
            while (!_leaves && await connection.ReadAsync())
            {
                Take(connection.Sequence, connection.Data, isFirst);
                isFirst = false;
                Seen.TrySetResult();
            }

            findings.Check(_leaves || HasEnd, "a viewer's stream broke off");
        }
        catch (Exception e) when (_leaves && e is SocketException or ObjectDisposedException or IOException)
        {
            // It has left.
        }
        catch (Exception e)
        {
            findings.Fault($"a viewer failed: {e.Message}");
        }
        finally
        {
            Seen.TrySetResult();
        }
    }

    private void Take(long sequence, ReadOnlyMemory<byte> data, bool isFirst)
    {
        if (data.Span.StartsWith("{\"type\":\"snapshot\""u8))
        {
            findings.Check(isFirst, "a snapshot in the middle of it");
            answer.TakeSnapshot(data);
            _sequence = sequence;
            return;
        }

        if (sequence != _sequence + 1)
        {
            findings.Fault(sequence <= _sequence ? "an event came twice" : "an event was lost");
        }

        _sequence = sequence;
        findings.Check(answer.Take(sequence, data), "two viewers read different events under one number");
        HasEnd = data.Span.StartsWith("{\"type\":\"end\""u8) || data.Span.StartsWith("{\"type\":\"cancelled\""u8);

        // What is replayed was said before the viewer came, so its delay says nothing.
        if (Latency is { } latency && sequence > _liveAfter && data.Span.IndexOf("\"content\":\""u8) is > 0 and var at && LatencyStamp.TryRead(data.Span[(at + 11)..], out var stamp))
        {
            latency.Record(LatencyStamp.Nanoseconds(TimeProvider.System.GetTimestamp()) - stamp);
        }
    }
}
