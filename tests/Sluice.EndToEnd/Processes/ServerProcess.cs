using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.EndToEnd.Processes;

/// <summary>The server's executable as a process of its own: the server itself, or its scripted upstream. Ends with this object.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => _process = process;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it has printed so far, standard output and error together.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the server on a free port. Without settings the built-in guide answers.</summary>
    /// <param name="settings">Environment variables, such as <c>Sluice__DefaultModel</c>.</param>
    /// <param name="arguments">More arguments.</param>
    public static Task<ServerProcess> ServeAsync(IReadOnlyDictionary<string, string>? settings = null, params IEnumerable<string> arguments) =>
        StartAsync(["serve", "--urls", "http://127.0.0.1:0", .. arguments], settings);

    /// <summary>Starts the scripted upstream on a free port.</summary>
    /// <param name="arguments">More arguments, such as <c>--scenario</c>.</param>
    public static Task<ServerProcess> UpstreamAsync(params IEnumerable<string> arguments) => StartAsync(["upstream", "--port", "0", .. arguments], settings: null);

    /// <summary>Asks it to stop, as <c>kill</c> and service managers do.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await ExitAsync();
    }

    /// <summary>Sends a signal and does not wait for what comes of it.</summary>
    /// <param name="name">Such as <c>TERM</c>.</param>
    public async Task SignalAsync(string name)
    {
        // The shell's own kill: the program of that name is not on every machine.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(StartLimit, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>How to start the executable, unaffected by the settings of whoever runs the tests.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Environment variables.</param>
    public static ProcessStartInfo Prepare(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet", [Paths.Server, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(Paths.Server),
        };
        foreach (var name in start.Environment.Keys.Where(ChangesTheServer).ToList())
        {
            start.Environment.Remove(name);
        }

        // Whoever runs the tests keeps his own conversations to himself: a test that wants some names a place for them.
        start.Environment["Sluice__Conversations__Enabled"] = settings?.Keys.Any(static name => name.StartsWith("Sluice__Conversations__", StringComparison.Ordinal)) == true ? "true" : "false";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task<ServerProcess> StartAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var server = new ServerProcess(new Process { StartInfo = Prepare(arguments, settings), EnableRaisingEvents = true });
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    // A key in the environment of whoever runs the tests must not connect them to a real model.
    private static bool ChangesTheServer(string variable) =>
        variable.StartsWith("Sluice__", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("OPENAI_", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("BELLA_", StringComparison.OrdinalIgnoreCase);

    private async Task RunAsync()
    {
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The process ended before it listened:\n{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = await _address.Task.WaitAsync(StartLimit, TestContext.Current.CancellationToken);
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    [GeneratedRegex(@"(?:listens|listening) on (?<url>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
