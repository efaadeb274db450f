namespace Sluice.Hosting;

/// <summary>How the server stops.</summary>
public sealed class ShutdownOptions
{
    /// <summary>How long running answers may go on after SIGTERM before they are ended with a truthful error.</summary>
    /// <value>Default 25 s; 0 to 1 h.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(25);
}
