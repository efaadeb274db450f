using System.IO.Pipelines;
using Sluice.Chat;
using Sluice.Sse;
using Sluice.Server.Access;
using Sluice.Server.Commands;
using Sluice.Server.Conversations;
using Sluice.Streams;

namespace Sluice.Server.Features;

/// <summary><c>sluice ask</c> without a server: the same pipeline and the same events, through a pipe instead of a socket.</summary>
internal static class LocalAsk
{
    /// <summary>Asks, and prints the answer as it comes.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(AskArguments arguments, CancellationToken cancellationToken)
    {
        var printer = AskPrinter.For(Console.Out, Console.Error);
        try
        {
            using var configuration = new ConfigurationManager();
            configuration.UseSluiceSources(arguments.ConfigFile is { } file ? ["--config", file] : []);
            var collection = new ServiceCollection();
            collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
            collection.AddSluice(configuration.GetSection("Sluice")).KnowConversations().KnowAccess();
            await using var services = collection.BuildServiceProvider();
            var models = services.GetRequiredService<IModelCatalog>();
            if (!await models.IsServedAsync(arguments.Model, cancellationToken))
            {
                return printer.Fail("model_not_found", models.NotFound(arguments.Model!));
            }

            // A person may stop the terminal for as long as they like.
            services.GetRequiredService<StreamOptions>().MaxBlocked = TimeSpan.MaxValue;
            return await AskAsync(services.GetRequiredService<StreamHub>(), arguments, arguments.Model ?? models.DefaultModel, printer, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return printer.Fail("cancelled", "cancelled here");
        }
        catch (Exception e) when (StartupError.Describe(e) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
    }

    private static async Task<int> AskAsync(StreamHub hub, AskArguments arguments, string model, AskPrinter printer, CancellationToken cancellationToken)
    {
        var session = hub.OpenNative(ChatRequest.FromQuestion(arguments.Question, arguments.Model), model, DisconnectPolicy.Cancel);
        var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var sending = SendAsync(hub, session, pipe.Writer, cancellationToken);
        await using (var events = new SseReader(pipe.Reader))
        {
            while (!printer.IsEnded && await events.ReadAsync(cancellationToken))
            {
                printer.Write(events.Current.Data);
            }
        }

        await sending;
        await session.Completion;
        return printer.Finish();
    }

    private static async Task SendAsync(StreamHub hub, StreamSession session, PipeWriter output, CancellationToken cancellationToken)
    {
        using var viewer = session.Attach(cancellationToken);
        hub.Start(session);
        await viewer.RunAsync(output);
        await output.CompleteAsync();
    }
}
