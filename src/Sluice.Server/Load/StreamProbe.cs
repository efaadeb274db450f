using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Sluice.Server.Upstream.Answers;
using Sluice.Sse;

namespace Sluice.Server.Load;

/// <summary>Asks for one stream after the other and measures each; one probe per stream at a time.</summary>
internal sealed class StreamProbe(HttpMessageInvoker http, LoadRequest request, LoadDialect dialect, TimeProvider time)
{
    private CancellationTokenSource? _current;
    private long _lastSign;
    private volatile bool _timedOut;

    /// <summary>Reads one stream to its end.</summary>
    /// <param name="meter">Gets everything that is measured, and how the stream ended.</param>
    /// <param name="stop">Gives the stream up.</param>
    public async Task RunAsync(LoadMeter meter, CancellationToken stop)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _timedOut = false;
        Volatile.Write(ref _lastSign, time.GetTimestamp());
        Volatile.Write(ref _current, cancellation);
        try
        {
            if (await MeasureAsync(meter, cancellation.Token) is { } failure) meter.Fail(failure);
            else meter.Succeeded();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            meter.StoppedByUser();
        }
        catch (OperationCanceledException) when (_timedOut)
        {
            meter.Fail("timeout");
        }
        catch (HttpRequestException)
        {
            meter.Fail("connect");
        }
        catch (IOException)
        {
            meter.Fail("truncated");
        }
        catch (SseFormatException)
        {
            meter.Fail("line too long");
        }
        finally
        {
            Volatile.Write(ref _current, null);
        }
    }

    /// <summary>Gives the current stream up if it has been silent for too long. From any thread.</summary>
    public void Watch(TimeSpan silence)
    {
        if (Volatile.Read(ref _current) is not { } current || time.GetElapsedTime(Volatile.Read(ref _lastSign)) < silence) return;
        _timedOut = true;
        try
        {
            current.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream has ended in this very moment: nothing to give up.
            _timedOut = false;
        }
    }

    /// <returns>The kind of failure, or null.</returns>
    private async Task<string?> MeasureAsync(LoadMeter meter, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var message = request.Create();
        using var response = await http.SendAsync(message, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) return string.Create(CultureInfo.InvariantCulture, $"http {(int)response.StatusCode}");
        var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        await using var events = new SseReader(body);
        try
        {
            return await ReadAsync(events, started, meter, cancellationToken);
        }
        finally
        {
            meter.Read(events.BytesRead);
        }
    }

    private async Task<string?> ReadAsync(SseReader events, long started, LoadMeter meter, CancellationToken cancellationToken)
    {
        var seen = EventSigns.None;
        string? error = null;
        long previous = 0;
        while (await events.ReadAsync(cancellationToken))
        {
            var now = time.GetTimestamp();
            Volatile.Write(ref _lastSign, now);
            var data = events.Current.Data.Span;
            var signs = dialect == LoadDialect.Native ? EventClassifier.Native(data, out var stamp) : EventClassifier.OpenAi(data, out stamp);
            seen |= signs;
            if ((signs & EventSigns.Error) != EventSigns.None) error ??= EventClassifier.ErrorCode(data);
            if ((signs & EventSigns.Token) == EventSigns.None) continue;
            meter.Token();
            if (previous == 0) meter.FirstToken.Record(Nanoseconds(started, now));
            else meter.Gap.Record(Nanoseconds(previous, now));
            if (stamp > 0) meter.Delivery.Record(LatencyStamp.Nanoseconds(now) - stamp);
            previous = now;
        }

        if (error is not null) return error;

        // A GET that the server has no room or no leave for: nothing but when to come back.
        if (seen == EventSigns.None && events.Retry is not null) return "turned away";
        if ((seen & EventSigns.Cancelled) != EventSigns.None) return "cancelled";
        return (seen & (EventSigns.End | EventSigns.Finish)) != EventSigns.None ? null : "truncated";
    }

    private long Nanoseconds(long from, long to) => (long)time.GetElapsedTime(from, to).TotalNanoseconds;
}
