using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sluice.Server.Access;

/// <summary>All keys in memory. To look one up takes no lock and no disk.</summary>
internal sealed class KnownKeys
{
    private volatile Content _content = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _content.ById.Count;

    /// <summary>All of them.</summary>
    public IEnumerable<ApiKeyRecord> All => _content.ById.Values.Select(static key => key.Record);

    /// <summary>Puts what was read in the place of what was known.</summary>
    public void Replace(IReadOnlyList<(ApiKeyRecord Key, byte[] Hash)> keys) => _content = new Content(keys);

    /// <summary>The key that a text is; null where it is none.</summary>
    public KnownKey? Find(string text)
    {
        if (text.Length != ApiKeyText.Length || !text.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        // How long the look-up takes depends on the hash, which tells nothing about the key; the comparison of the whole takes always the same.
        var hash = ApiKeyText.HashOf(text);
        return _content.ByHash.TryGetValue(Short(hash), out var key) && CryptographicOperations.FixedTimeEquals(key.Hash, hash) ? key : null;
    }

    /// <summary>The key of that name; null where there is none.</summary>
    public KnownKey? ById(string id) => _content.ById.GetValueOrDefault(id);

    private static UInt128 Short(byte[] hash) => BinaryPrimitives.ReadUInt128BigEndian(hash);

    private sealed class Content
    {
        public Content(IReadOnlyList<(ApiKeyRecord Key, byte[] Hash)> keys)
        {
            foreach (var (record, hash) in keys)
            {
                var key = new KnownKey(record, hash);
                ById[record.Id] = key;
                ByHash[Short(hash)] = key;
            }
        }

        public Dictionary<string, KnownKey> ById { get; } = new(StringComparer.Ordinal);

        public Dictionary<UInt128, KnownKey> ByHash { get; } = [];
    }
}
