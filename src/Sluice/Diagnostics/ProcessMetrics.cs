using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>What the process has of what can run out. Memory, the collector and the thread pool are the runtime's own Meter, <c>System.Runtime</c>.</summary>
internal sealed class ProcessMetrics
{
    private const string Descriptors = "/proc/self/fd";

    public ProcessMetrics(Meter meter)
    {
        if (Directory.Exists(Descriptors))
        {
            meter.CreateObservableUpDownCounter("process.unix.file_descriptor.count", static () => (long)Directory.EnumerateFileSystemEntries(Descriptors).Count(), "{file_descriptor}", "Open files and sockets");
        }
    }
}
