using System.Globalization;

namespace Sluice.Many;

/// <summary>TCP connections of this machine, as the kernel lists them.</summary>
internal static class Connections
{
    // proc(5): 01 is ESTABLISHED.
    private const string Established = "01";

    /// <summary>The ports at the far end of a server's connections.</summary>
    /// <param name="port">The server's port.</param>
    public static IEnumerable<int> Of(int port)
    {
        foreach (var line in File.ReadLines("/proc/net/tcp").Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[3] == Established && Port(fields[1]) == port)
            {
                yield return Port(fields[2]);
            }
        }
    }

    private static int Port(string address) =>
        int.Parse(address.AsSpan(address.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
