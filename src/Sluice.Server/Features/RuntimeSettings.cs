namespace Sluice.Server.Features;

/// <summary>What the runtime must know before it makes its first socket. The rest stands in the project file (runtimeconfig).</summary>
/// <remarks>With sockets completing inline a token goes from the upstream's socket to the client's without a hop through the thread pool, which is most of
/// what a token would cost otherwise: docs/decisions/003-inline-sockets.md. It demands that nothing on the path ever blocks.</remarks>
internal static class RuntimeSettings
{
    /// <summary>Applies them. A value that the environment already has wins.</summary>
    public static void Apply() => Default("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    private static void Default(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
