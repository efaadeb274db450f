using System.Security.Claims;
using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>A key as requests meet it: made once each time the keys are read, so that a request makes nothing.</summary>
internal sealed class KnownKey : ICallerFeature
{
    public KnownKey(ApiKeyRecord record, byte[] hash)
    {
        Record = record;
        Hash = hash;
        Caller = new Caller(record.Owner) { KeyId = record.Id, Models = record.Models, Limits = record.Limits };
        Principal = Principals.Of(record.Owner, RoleNames.Of(record.Role), AccessSchemes.Key);
    }

    /// <summary>What is known of it.</summary>
    public ApiKeyRecord Record { get; }

    /// <summary>Its SHA-256.</summary>
    public byte[] Hash { get; }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <summary>Its holder, for authorization. Never changed.</summary>
    public ClaimsPrincipal Principal { get; }
}
