using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Chat;
using Sluice.Endpoints;
using Sluice.Hosting;

namespace Sluice.Tests.Support;

/// <summary>Takes a request's header <c>X-Caller</c> for who asks: an authentication that believes everyone.</summary>
internal sealed class NamedCallers(Func<string, Caller> callers) : IStartupFilter
{
    /// <summary>Lets a host believe.</summary>
    public static Action<ISluiceBuilder> Believed(Func<string, Caller>? callers = null) =>
        sluice => sluice.Services.AddSingleton<IStartupFilter>(new NamedCallers(callers ?? (static name => new Caller(name))));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, next) =>
        {
            if (context.Request.Headers["X-Caller"].ToString() is { Length: > 0 } name)
            {
                context.Features.Set<ICallerFeature>(new Named(callers(name)));
            }

            return next(context);
        });
        next(app);
    };

    private sealed record Named(Caller Caller) : ICallerFeature;
}
