using Spectre.Console;

namespace Sluice.Server.Load;

/// <summary>A bar on standard error while a run goes on, if that is a terminal.</summary>
internal static class LoadProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the run, showing how far it is.</summary>
    public static async Task<LoadReport> ShowAsync(LoadRunner runner, Task<LoadReport> run, int streams, TimeProvider time)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask("streams", maxValue: streams);
            while (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(Interval, time));
                bar.Value = runner.Ended;
                bar.Description = FormattableString.Invariant($"{runner.Ended} of {streams} streams, {runner.Meter.Tokens} tokens, {runner.Meter.Failed} failed");
            }
        });
        return await run;
    }
}
