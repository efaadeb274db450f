namespace Sluice.Many;
internal static class FatesRun { public static Task RunAsync(Arguments a, Findings f) => Task.CompletedTask; }
