using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.Server.Load;

/// <summary>CPU time and memory of a process, as /proc/PID/stat has them (Linux).</summary>
/// <param name="CpuMicroseconds">User and system time since the process began, in steps of 10 ms.</param>
/// <param name="RssBytes">Resident memory.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessUsage(long CpuMicroseconds, long RssBytes)
{
    // USER_HZ, in which /proc counts, is 100 on every architecture that .NET runs on.
    private const long MicrosecondsPerTick = 10_000;

    /// <summary>Reads a process, or null if it is not there.</summary>
    public static ProcessUsage? Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")), Environment.SystemPageSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the text of a stat file; see proc(5).</summary>
    public static ProcessUsage Parse(string stat, int pageSize)
    {
        // The second field, the program's name, may hold blanks and brackets: count from its last bracket.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessUsage((Field(fields, 14) + Field(fields, 15)) * MicrosecondsPerTick, Field(fields, 24) * pageSize);
    }

    private static long Field(string[] fields, int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
}
