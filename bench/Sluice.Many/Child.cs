using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Sluice.Server.Load;

namespace Sluice.Many;

/// <summary>The server's executable as a process of its own: the server, or its scripted upstream. Ends with this object.</summary>
internal sealed partial class Child : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan VitalsLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _vitals;

    private Child(Process process, string? vitals) => (_process, _vitals) = (process, vitals);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The same for a socket.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    public int Id => _process.Id;

    public bool IsAlive => !_process.HasExited;

    /// <summary>CPU time and memory now.</summary>
    public ProcessUsage Usage => ProcessUsage.Read(Id) ?? throw new InvalidOperationException("The server's process has ended.");

    /// <summary>Open descriptors now.</summary>
    public int Files => Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/fd")).Length;

    /// <summary>Starts a process and waits until it listens.</summary>
    /// <param name="program">The server: an assembly or a native binary.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="maxFiles">Its limit of open files; 0 leaves it as it is.</param>
    /// <param name="vitals">The file that <see cref="VitalsAsync"/> is read from; null for none.</param>
    public static async Task<Child> StartAsync(string program, string arguments, IReadOnlyDictionary<string, string> settings, int maxFiles = 0, string? vitals = null)
    {
        var command = program.EndsWith(".dll", StringComparison.Ordinal) ? $"dotnet '{program}'" : $"'{program}'";
        var limit = maxFiles > 0 ? string.Create(CultureInfo.InvariantCulture, $"ulimit -n {maxFiles} && ") : "";
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"{limit}exec {command} {arguments}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var name in start.Environment.Keys.Where(ChangesTheServer).ToList())
        {
            start.Environment.Remove(name);
        }

        // What is measured is streams; and nobody's own conversations are written to.
        start.Environment["Sluice__Conversations__Enabled"] = "false";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var child = new Child(new Process { StartInfo = start, EnableRaisingEvents = true }, vitals);
        child.Run();
        child.Address = await child._address.Task.WaitAsync(StartLimit);
        return child;
    }

    /// <summary>What it holds now. Inside figures come after a full collection.</summary>
    public async Task<Vitals> VitalsAsync()
    {
        if (_vitals is null)
        {
            return new Vitals(Usage.RssBytes, Files, new Dictionary<string, long>(StringComparer.Ordinal));
        }

        File.Delete(_vitals);
        using (var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -USR1 {Id}")]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(VitalsLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(_vitals))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        return new Vitals(Usage.RssBytes, Files, Vitals.Read(_vitals));
    }

    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // A key in the environment must not connect the server to a real model.
    private static bool ChangesTheServer(string variable) =>
        variable.StartsWith("Sluice__", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("OPENAI_", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("BELLA_", StringComparison.OrdinalIgnoreCase);

    private void Run()
    {
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The process ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups["url"].Value));
        }
        else if (line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(line);
        }
    }

    [GeneratedRegex(@"(?:listens|listening) on (?<url>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
