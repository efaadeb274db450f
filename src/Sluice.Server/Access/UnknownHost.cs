using Sluice.Server.Features;

namespace Sluice.Server.Access;

/// <summary>Gives the host filter's refusal, which is a bare 400, the shape of every other error. The filter stands before everything else, so this stands before it.</summary>
internal sealed class UnknownHost : IStartupFilter
{
    /// <summary>Says it.</summary>
    public static Task RefuseAsync(HttpContext context) =>
        ErrorShape.WriteAsync(context, 400, "The Host header names no host of this server. Set Sluice:Access:Hosts to the names under which it may be reached.", "unknown_host");

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response is { StatusCode: 400, HasStarted: false, ContentLength: null, ContentType: null })
            {
                await RefuseAsync(context);
            }
        });
        next(app);
    };
}
