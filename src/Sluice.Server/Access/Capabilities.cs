using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Sluice.Chat;

namespace Sluice.Server.Access;

/// <summary>Signed links to one stream's events, for clients that cannot send a header: a browser's <c>EventSource</c> on another site.</summary>
/// <remarks>A link can be used until it expires, as often as wanted, since a reconnect repeats the address.</remarks>
internal sealed class Capabilities(IDataProtectionProvider protection, AccessOptions options, KnownKeys keys, TimeProvider time)
{
    private const int MaxChars = 4096;

    private readonly IDataProtector _protector = protection.CreateProtector("Sluice.Stream.Events");

    /// <summary>A link's secret part.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="expires">Until when it can be used.</param>
    public string Issue(string streamId, Caller caller, out DateTimeOffset expires)
    {
        expires = time.GetUtcNow() + options.CapabilityLifetime;
        var content = new MemoryStream();
        using (var writer = new BinaryWriter(content))
        {
            writer.Write(streamId);
            writer.Write(caller.Id);
            writer.Write(caller.KeyId ?? "");
            writer.Write(expires.ToUnixTimeMilliseconds());
        }

        return WebEncoders.Base64UrlEncode(_protector.Protect(content.ToArray()));
    }

    /// <summary>The caller that a link stands for; null where it is not for this stream, or not valid any more.</summary>
    /// <param name="capability">The link's secret part.</param>
    /// <param name="streamId">The stream that is asked for.</param>
    public Caller? Redeem(string capability, string streamId)
    {
        if (capability.Length is 0 or > MaxChars)
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(_protector.Unprotect(WebEncoders.Base64UrlDecode(capability))));
            var (stream, owner, keyId, expires, now) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadInt64(), time.GetUtcNow());
            var isValid = stream == streamId && now.ToUnixTimeMilliseconds() < expires && (keyId.Length == 0 || keys.ById(keyId)?.Record.StateAt(now) == ApiKeyState.Active);
            return isValid ? new Caller(owner) { KeyId = keyId.Length == 0 ? null : keyId } : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // Not signed here, or not whole.
            return null;
        }
    }
}
