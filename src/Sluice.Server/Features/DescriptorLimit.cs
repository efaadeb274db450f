using System.Globalization;
using Sluice.Streams;

namespace Sluice.Server.Features;

/// <summary>How many connections and streams the process may have before it runs out of file descriptors, which would end it and every stream with it.</summary>
internal static class DescriptorLimit
{
    // Files, listening sockets, pipes, the runtime's own.
    private const int Reserve = 400;

    // So that one who comes when all streams are taken still gets an answer that says so.
    private const int ConnectionsWithoutStream = 200;

    /// <summary>Connections from clients; null where the limit is unknown. A stream needs two descriptors: the client's and the upstream's.</summary>
    public static int? MaxConnections => Read() is { } limit ? Math.Max(16, (limit - Reserve) / 2) : null;

    /// <summary>Generations at once; null where the limit is unknown.</summary>
    public static int? MaxStreams => MaxConnections is { } connections ? Math.Max(8, connections - ConnectionsWithoutStream) : null;

    /// <summary>Takes no more streams than the process has descriptors for.</summary>
    public static void LimitStreams(this WebApplication app)
    {
        if (MaxStreams is { } streams)
        {
            app.Services.GetRequiredService<StreamOptions>().MaxStreams = streams;
        }
    }

    // RLIMIT_NOFILE as the kernel tells it: "Max open files   soft   hard   files". The runtime has raised soft to hard by now.
    private static int? Read() => !OperatingSystem.IsLinux() ? null : Parse(File.ReadLines("/proc/self/limits"));

    /// <summary>The soft limit in the lines of <c>/proc/self/limits</c>; null where it is unlimited or not there.</summary>
    public static int? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
