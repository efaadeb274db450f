namespace Sluice.Server.Access;

/// <summary>What a caller may do. Lower-case in commands, claims and the database.</summary>
internal enum Role
{
    /// <summary>Looks on: lists models, reads the streams of its owner.</summary>
    Viewer,

    /// <summary>Asks, too.</summary>
    User,

    /// <summary>Also sees how the server does.</summary>
    Admin,
}
