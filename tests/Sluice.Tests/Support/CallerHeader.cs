using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Chat;
using Sluice.Endpoints;
using Sluice.Hosting;

namespace Sluice.Tests.Support;

/// <summary>Who asks stands in the header <c>X-Caller</c>: authentication as simple as it can be.</summary>
internal sealed class CallerHeader : IStartupFilter
{
    public const string Name = "X-Caller";

    public static void Use(ISluiceBuilder builder) => builder.Services.AddSingleton<IStartupFilter, CallerHeader>();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, go) =>
        {
            if (context.Request.Headers[Name].ToString() is { Length: > 0 } id)
            {
                context.Features.Set<ICallerFeature>(new Feature(new Caller(id)));
            }

            return go(context);
        });
        next(app);
    };

    private sealed record Feature(Caller Caller) : ICallerFeature;
}
