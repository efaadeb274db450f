using System.Diagnostics;

namespace Sluice.EndToEnd.Processes;

/// <summary>A command that ran to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs the server's executable.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Environment variables.</param>
    public static Task<CommandRun> SluiceAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null) =>
        RunAsync(ServerProcess.Prepare(arguments, settings));

    /// <summary>Runs a program.</summary>
    /// <param name="start">Which, and how.</param>
    /// <exception cref="TimeoutException">It took minutes; it has been ended.</exception>
    public static async Task<CommandRun> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"After {Limit} it still ran: {start.FileName} {string.Join(' ', start.ArgumentList)}", e);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
