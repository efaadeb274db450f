namespace Sluice.Server.Access;

/// <summary>Whether a key can be used.</summary>
internal enum ApiKeyState
{
    /// <summary>It can.</summary>
    Active,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was taken back.</summary>
    Revoked,
}
