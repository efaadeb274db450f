namespace Sluice.Server.Features;

/// <summary>The builder of every server in this process.</summary>
internal static class SlimBuilder
{
    /// <summary>ASP.NET Core's slim one, without its watcher for settings files: that one goes through every directory below the current one before anything
    /// starts, which takes seconds in a large one. Settings files are watched otherwise, see <see cref="ConfigurationSources"/>.</summary>
    public static WebApplicationBuilder Create() => WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
}
