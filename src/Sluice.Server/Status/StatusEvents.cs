using Sluice.Endpoints;

namespace Sluice.Server.Status;

/// <summary><c>GET /status/events</c>: what the sampler has seen lately, then each new sample, as an event stream.</summary>
internal sealed class StatusEvents(StatusSampler sampler, IHostApplicationLifetime lifetime)
{
    /// <summary>Sends samples until the viewer leaves or the server stops.</summary>
    public async Task SendAsync(HttpContext context)
    {
        SseResponse.Begin(context);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var seat = sampler.Watch();
        var output = context.Response.Body;
        await context.Response.BodyWriter.FlushAsync(gone.Token);
        try
        {
            var next = 0L;
            while (true)
            {
                var (samples, last, changed) = sampler.Since(next);
                next = last;
                foreach (var sample in samples)
                {
                    await output.WriteAsync(sample, gone.Token);
                }

                await output.FlushAsync(gone.Token);
                await changed.WaitAsync(gone.Token);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }
}
