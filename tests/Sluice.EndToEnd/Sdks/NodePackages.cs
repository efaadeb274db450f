using System.Diagnostics;
using Sluice.EndToEnd.Processes;

[assembly: AssemblyFixture(typeof(Sluice.EndToEnd.Sdks.NodePackages))]

namespace Sluice.EndToEnd.Sdks;

/// <summary>The JavaScript clients at the versions of package-lock.json, fetched when they are not there yet.</summary>
public sealed class NodePackages : IDisposable
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private string? _missing;
    private bool _isReady;

    /// <summary>Fetches them; skips the test where there is no Node.js, but not in CI.</summary>
    internal async Task ReadyAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_isReady && _missing is null)
            {
                _missing = await FetchAsync();
                _isReady = _missing is null;
            }
        }
        finally
        {
            _once.Release();
        }

        if (_missing is not null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", _missing);
            Assert.Fail(_missing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _once.Dispose();

    private static async Task<string?> FetchAsync()
    {
        if (!IsOnPath("node") || !IsOnPath("npm"))
        {
            return "node and npm are not on the PATH.";
        }

        var wanted = await File.ReadAllTextAsync(Path.Combine(Paths.NodeSdks, "package-lock.json"), TestContext.Current.CancellationToken);
        var stamp = Path.Combine(Paths.NodeSdks, "node_modules", ".sluice-lock");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, TestContext.Current.CancellationToken) == wanted)
        {
            return null;
        }

        var fetched = await CommandRun.RunAsync(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = Paths.NodeSdks });
        Assert.True(fetched.ExitCode == 0, fetched.Error);
        await File.WriteAllTextAsync(stamp, wanted, TestContext.Current.CancellationToken);
        return null;
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")) || File.Exists(Path.Combine(folder, program + ".cmd")));
}
