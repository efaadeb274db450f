using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.Sse;

namespace Sluice.Server.FaultSuite;

/// <summary>Asks over HTTP, and tells what came. Safe for many questions at once.</summary>
/// <param name="server">Whom to ask.</param>
/// <param name="time">What times are taken with.</param>
internal sealed class FaultClient(Uri server, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null, ResponseDrainTimeout = TimeSpan.Zero });

    /// <summary>Asks one question.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dialect">How to ask.</param>
    /// <param name="patience">How long, on <see cref="TimeProvider.System"/>, until the answer counts as one that never ends.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FaultAnswer> AskAsync(string model, FaultDialect dialect, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using var question = Question(model, dialect);
        var answer = await SendAsync(question, dialect, limit.Token, cancellationToken);
        return answer with { Took = time.GetElapsedTime(started) };
    }

    /// <summary>Reads a stream that has ended once more.</summary>
    /// <param name="stream">Its name.</param>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FaultAnswer> ReplayAsync(string stream, FaultDialect dialect, CancellationToken cancellationToken)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(server, $"/v1/streams/{stream}/events"));
        question.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await SendAsync(question, dialect, cancellationToken, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<FaultAnswer> SendAsync(HttpRequestMessage question, FaultDialect dialect, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        HttpResponseMessage? response = null;
        var (isCut, isHang) = (false, false);
        try
        {
            response = await _http.SendAsync(question, limit);
            var stream = await response.Content.ReadAsStreamAsync(limit);
            await stream.CopyToAsync(body, limit);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException)
        {
            isCut = true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            isHang = true;
        }

        using (response)
        {
            var answer = await ReadAsync(body.GetBuffer().AsMemory(0, (int)body.Length), (int?)response?.StatusCode ?? 0, dialect, cancellationToken);
            var id = response?.Headers.TryGetValues("X-Sluice-Stream-Id", out var ids) == true ? ids.First() : null;
            return answer with { Status = (int?)response?.StatusCode ?? 0, IsCut = isCut, IsHang = isHang, StreamId = id };
        }
    }

    private static async Task<FaultAnswer> ReadAsync(ReadOnlyMemory<byte> body, int status, FaultDialect dialect, CancellationToken cancellationToken)
    {
        var reading = new FaultReading(dialect);
        if (status == 200)
        {
            await using var events = new SseReader(PipeReader.Create(new ReadOnlySequence<byte>(body)));
            while (await events.ReadAsync(cancellationToken)) reading.Add(events.Current.Data);
        }
        else if (status >= 400)
        {
            reading.AddError(body);
        }

        return reading.Sum();
    }

    private HttpRequestMessage Question(string model, FaultDialect dialect)
    {
        var isNative = dialect == FaultDialect.Native;
        var path = isNative ? $"/ask/stream?prompt=hello&on_disconnect=cancel&model={Uri.EscapeDataString(model)}" : "/v1/chat/completions";
        var question = new HttpRequestMessage(isNative ? HttpMethod.Get : HttpMethod.Post, new Uri(server, path));
        question.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (!isNative)
        {
            question.Content = new StringContent(
                $$$"""{"model":"{{{JsonEncodedText.Encode(model)}}}","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}""",
                Encoding.UTF8,
                "application/json");
        }

        return question;
    }
}
