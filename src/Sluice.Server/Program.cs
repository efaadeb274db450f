using Sluice.Server.Access;
using Sluice.Server.Commands;
using Sluice.Server.Conversations;
using Sluice.Server.Features;
using Sluice.Server.Limits;

// Read when the first socket is made, so nothing may stand before it.
RuntimeSettings.Apply();

return await CommandLine.RunAsync(args, serve: ServeAsync, ask: LocalAsk.RunAsync);

static async Task<int> ServeAsync(string[] args, CancellationToken cancellationToken)
{
    try
    {
        var builder = SlimBuilder.Create();
        builder.Configuration.UseSluiceSources(args);
        builder.Logging.UseSluiceLogging(builder.Configuration);
        builder.UseSluiceKestrel();
        builder.Services.AddSluiceShutdown(builder.Configuration);
        builder.Services.AddSluiceSpending(builder.Configuration);
        builder.Services.AddSluice(builder.Configuration.GetSection("Sluice")).KnowConversations().KnowAccess();
        builder.AddSluiceAccess();
        builder.Services.AddSluiceConversations(builder.Configuration);
        builder.Services.AddSluiceTelemetry(builder.Configuration);
        builder.Services.AddStatusFigures();

        await using var app = builder.Build();
        app.LimitStreams();
        app.UseRequestIds();
        app.UseErrorShape();
        app.UseSluiceAccess();
        var site = app.MapSluiceAccess();
        site.MapSluice();
        site.MapConversations();
        site.MapMetrics();
        site.MapWebPages();
        site.MapApiReference();
        site.MapStatusEvents();
        app.ShowBanner();
        await app.RunAsync(cancellationToken);
        return ExitCode.Done;
    }
    catch (Exception e) when (StartupError.Describe(e) is { } problem)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return problem.ExitCode;
    }
}
