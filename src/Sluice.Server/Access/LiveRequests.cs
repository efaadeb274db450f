using System.Collections.Concurrent;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>Requests that run under a key, so that they can be ended when the key is.</summary>
internal sealed class LiveRequests
{
    private readonly ConcurrentDictionary<LiveRequest, bool> _requests = new();

    /// <summary>Those that run now.</summary>
    public IEnumerable<LiveRequest> All => _requests.Select(static pair => pair.Key);

    /// <summary>Lets a request pass, and knows it while it runs.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<ICallerFeature>()?.Caller.KeyId is not { } key)
        {
            await next(context);
            return;
        }

        var request = new LiveRequest(context, key);
        _requests[request] = true;
        try
        {
            await next(context);
        }
        finally
        {
            request.Over();
            _requests.TryRemove(request, out _);
        }
    }
}
