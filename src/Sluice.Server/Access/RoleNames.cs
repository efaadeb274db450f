namespace Sluice.Server.Access;

/// <summary>Roles as words.</summary>
internal static class RoleNames
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = ["user", "viewer", "admin"];

    /// <summary>A role's word.</summary>
    public static string Of(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.User => "user",
        _ => "viewer",
    };

    /// <summary>The role that a word names; null where it names none.</summary>
    public static Role? Parse(string? word) => word switch
    {
        "admin" => Role.Admin,
        "user" => Role.User,
        "viewer" => Role.Viewer,
        _ => null,
    };
}
