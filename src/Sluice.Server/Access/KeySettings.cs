namespace Sluice.Server.Access;

/// <summary>Where API keys are kept.</summary>
internal sealed class KeySettings
{
    /// <summary>The database's file; made where there is none. What signs sessions and links is kept beside it.</summary>
    /// <value>Default <c>sluice-access/keys.db</c> in the working directory.</value>
    public string Database { get; set; } = Path.Combine("sluice-access", "keys.db");
}
