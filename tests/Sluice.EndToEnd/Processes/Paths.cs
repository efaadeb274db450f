using System.Reflection;

namespace Sluice.EndToEnd.Processes;

/// <summary>Where the build put things.</summary>
internal static class Paths
{
    /// <summary>The server's assembly, of the same configuration as these tests.</summary>
    public static string Server { get; } = Path.GetFullPath(Metadata("ServerAssembly"));

    /// <summary>The program that measures very many at once, and checks what each of them reads.</summary>
    public static string Many { get; } = Path.GetFullPath(Metadata("ManyAssembly"));

    /// <summary>Where pictures of the page go; not under version control.</summary>
    public static string Screenshots { get; } = Path.GetFullPath(Metadata("Screenshots"));

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The JavaScript clients: scripts, and the packages that they need.</summary>
    public static string NodeSdks { get; } = Path.GetFullPath(Metadata("NodeSdks"));

    /// <summary>The dashboard and the alert rules.</summary>
    public static string Monitoring { get; } = Path.GetFullPath(Metadata("Monitoring"));

    private static string Metadata(string key) =>
        typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
