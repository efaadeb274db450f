using Sluice.Chat;

namespace Sluice.Server.Access;

/// <summary>What is known of an API key: everything but the key.</summary>
internal sealed record ApiKeyRecord
{
    /// <summary>The key's name for lists, logs and <c>keys revoke</c>. No secret.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose streams and budgets these are: the key's own <see cref="Id"/>, or that of the key that it stands in for.</summary>
    public required string Owner { get; init; }

    /// <summary>What its holder may do.</summary>
    public Role Role { get; init; } = Role.User;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it can no longer be used; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was taken back; null if it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>The models that may be asked for; null for all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>How much may be asked; null where only what holds for everyone counts.</summary>
    public CallerLimits? Limits { get; init; }

    /// <summary>Whether it can be used.</summary>
    /// <param name="now">The time.</param>
    public ApiKeyState StateAt(DateTimeOffset now) => Revoked is not null ? ApiKeyState.Revoked : Expires <= now ? ApiKeyState.Expired : ApiKeyState.Active;
}
