using Microsoft.Playwright;

namespace Sluice.EndToEnd.Browser;

/// <summary>The browser that is installed: <c>CHROMIUM_PATH</c>, or <c>chromium</c> on the PATH. Nothing is ever downloaded.</summary>
internal static class Chromium
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Its executable, or null where there is none.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } path
            ? File.Exists(path) ? path : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(directory => Path.Combine(directory, "chromium")).FirstOrDefault(File.Exists);

    /// <summary>Starts it, or skips the test where there is none; where tests must be complete (<c>CI=true</c>) that is a failure.</summary>
    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        if (Find() is not { } executable)
        {
            const string Reason = "No Chromium: install the package `chromium`, or set CHROMIUM_PATH to its executable.";
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), Reason);
            Assert.Fail(Reason);
            throw new InvalidOperationException(Reason);
        }

        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Headless = true, Args = Arguments });
    }
}
