using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Sluice.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Sluice.Tests.Support;

/// <summary>A real PostgreSQL in a folder of its own, reached by a socket file. Started by the first test that wants it; all share it, each with a schema of its own.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // PostgreSQL does not run as root; this user owns its packages' files.
    private const string User = "postgres";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _starting = new(1);
    private string? _folder;
    private Process? _process;
    private int _schemas;

    private static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    /// <summary>How to reach an empty schema. Skips the test where PostgreSQL is not installed.</summary>
    public async Task<string> NewSchemaAsync()
    {
        Assert.SkipWhen(Binaries is null, "PostgreSQL is not installed (Debian: apt-get install postgresql).");
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            _starting.Release();
        }

        var schema = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _schemas)}");
        await using var connection = new NpgsqlConnection(Connection());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE SCHEMA {schema}";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return $"{Connection()};Search Path={schema}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            NpgsqlConnection.ClearAllPools();

            // SIGINT is its fast shutdown: it ends its own children.
            using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(Limit);
            await kill.WaitForExitAsync(limit.Token);
            await _process.WaitForExitAsync(limit.Token);
            _process.Dispose();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }

        _starting.Dispose();
    }

    private static ProcessStartInfo Start(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, program);
        return new ProcessStartInfo(Environment.UserName == "root" ? "setpriv" : path, Environment.UserName == "root" ? [$"--reuid={User}", $"--regid={User}", "--clear-groups", path, .. arguments] : arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/tmp",
        };
    }

    private string Connection() => $"Host={_folder};Username={User};Database=postgres;Maximum Pool Size=20";

    private async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("sluice-pg-").FullName;
        var data = Path.Combine(_folder, "data");
        if (Environment.UserName == "root")
        {
            await RunAsync(new ProcessStartInfo("chown", [User, _folder]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
        }

        await RunAsync(Start("initdb", "-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"));
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        var process = new Process { StartInfo = Start("postgres", "-D", data, "-k", _folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60", "-c", "log_min_messages=warning"), EnableRaisingEvents = true };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                said.Add(line.Data ?? "");
            }

            if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        process.Exited += (_, _) =>
        {
            lock (said)
            {
                ready.TrySetException(new InvalidOperationException(string.Join('\n', said)));
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        _process = process;
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
    }
}
