using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Server.Access;

/// <summary>API keys as their holders have them: <c>sk-sluice-</c> and 256 random bits in base64url.</summary>
internal static class ApiKeyText
{
    /// <summary>How every key begins, so that scanners of source code and logs can find a lost one.</summary>
    public const string Prefix = "sk-sluice-";

    private const int SecretBytes = 32;
    private const int IdBytes = 9;

    /// <summary>The length of a key, in characters.</summary>
    public static int Length { get; } = Prefix.Length + Base64Url.GetEncodedLength(SecretBytes);

    /// <summary>A new key.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>A new name for a key, which is no secret.</summary>
    public static string NewId() => "key_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>What is kept of a key. With 256 random bits there is nothing to guess, so one round of SHA-256 is enough.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
