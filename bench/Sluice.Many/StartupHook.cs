using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Text.Json;

#pragma warning disable MA0047 // The runtime looks for this name outside of any namespace.

/// <summary>Loaded into the server by the runtime (<c>DOTNET_STARTUP_HOOKS</c>): at SIGUSR1 it writes what the process holds to the file that <c>SLUICE_VITALS</c> names.</summary>
/// <remarks>Only what a process can tell from inside: the heap after a collection, timers, gauges. Nothing runs between two signals but the sums of the gauges.</remarks>
internal static class StartupHook
{
    // Signals without a name of their own are passed by number; 10 is SIGUSR1 on Linux.
    private const PosixSignal UserSignal = (PosixSignal)10;

    private static readonly string[] Gauges =
        ["sluice.streams.active", "kestrel.active_connections", "http.server.active_requests", "http.client.active_requests"];

    private static readonly ConcurrentDictionary<string, long> Sums = new(StringComparer.Ordinal);
    private static long _unobserved;
    private static PosixSignalRegistration? _signal;
    private static MeterListener? _listener;

    /// <summary>Called by the runtime before the program's own entry point.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("SLUICE_VITALS") is not { Length: > 0 } file)
        {
            return;
        }

        TaskScheduler.UnobservedTaskException += static (_, _) => Interlocked.Increment(ref _unobserved);
        if (Environment.GetEnvironmentVariable("SLUICE_VITALS_GAUGES") == "1")
        {
            _listener = new MeterListener
            {
                InstrumentPublished = static (instrument, listener) =>
                {
                    if (Gauges.Contains(instrument.Name, StringComparer.Ordinal))
                    {
                        Sums[instrument.Name] = 0;
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _listener.SetMeasurementEventCallback<long>(static (instrument, value, _, _) => Sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
            _listener.Start();
        }

        _signal = PosixSignalRegistration.Create(UserSignal, context =>
        {
            context.Cancel = true;
            Write(file);
        });
    }

    private static void Write(string file)
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var memory = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        using (var output = File.Create(file + ".part"))
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("heap"u8, GC.GetTotalMemory(forceFullCollection: false));
            json.WriteNumber("committed"u8, memory.TotalCommittedBytes);
            json.WriteNumber("timers"u8, Timer.ActiveCount);
            json.WriteNumber("threads"u8, ThreadPool.ThreadCount);
            json.WriteNumber("unobserved"u8, Interlocked.Read(ref _unobserved));
            foreach (var (name, value) in Sums)
            {
                json.WriteNumber(name, value);
            }

            json.WriteEndObject();
        }

        // Whoever waits for the file finds it whole.
        File.Move(file + ".part", file, overwrite: true);
    }
}
