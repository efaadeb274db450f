using System.Globalization;

namespace Sluice.Server.Features;

/// <summary>How long the host waits when it stops.</summary>
internal static class ShutdownSettings
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Gives the host longer than the grace for running answers, so that their truthful endings still leave.</summary>
    public static void AddSluiceShutdown(this IServiceCollection services, IConfiguration configuration)
    {
        var grace = TimeSpan.TryParse(configuration["Sluice:Shutdown:Grace"], CultureInfo.InvariantCulture, out var configured) ? configured : TimeSpan.FromSeconds(25);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = grace + Margin);
    }
}
