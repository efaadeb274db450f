using Sluice.Server.Commands;
using Sluice.Server.Features;

// Read when the first socket is made, so nothing may stand before it.
RuntimeSettings.Apply();

return await CommandLine.RunAsync(args, serve: ServeAsync, ask: LocalAsk.RunAsync);

static async Task<int> ServeAsync(string[] args, CancellationToken cancellationToken)
{
    try
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.UseSluiceSources(args);
        builder.Logging.UseSluiceLogging(builder.Configuration);
        builder.UseSluiceKestrel();
        builder.Services.AddSluiceShutdown(builder.Configuration);
        builder.Services.AddSluice(builder.Configuration.GetSection("Sluice"));
        builder.Services.AddSluiceTelemetry(builder.Configuration);
        builder.Services.AddStatusPage();

        await using var app = builder.Build();
        app.LimitStreams();
        app.UseRequestIds();
        app.UseErrorShape();
        app.MapSluice();
        app.MapMetrics();
        app.MapChatPage();
        app.MapStatusPage();
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
