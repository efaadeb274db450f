using System.Globalization;

namespace Sluice.EndToEnd.Processes;

/// <summary>What Linux knows of a process. Source: proc(5).</summary>
internal static class ProcessStatus
{
    /// <summary>Bytes of memory that it has held at most.</summary>
    public static long PeakMemory(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Files and sockets that it has open.</summary>
    public static int OpenFiles(int id) => Directory.GetFileSystemEntries($"/proc/{id}/fd").Length;
}
