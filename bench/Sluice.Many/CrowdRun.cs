namespace Sluice.Many;
internal static class CrowdRun { public static Task RunAsync(Arguments a, Findings f) => Task.CompletedTask; }
