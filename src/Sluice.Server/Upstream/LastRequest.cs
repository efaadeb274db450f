using System.Text.Json.Serialization;

namespace Sluice.Server.Upstream;

/// <summary>What a test may want to know of the most recent request.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Model">Its model.</param>
/// <param name="Stream">Whether it asked for a stream.</param>
/// <param name="Authorized">Whether it carried an `Authorization` header; the value is not kept.</param>
/// <param name="Headers">Its other headers, by lower-case name.</param>
internal sealed record LastRequest(string Path, string Model, bool Stream, bool Authorized, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body, byte for byte, for `GET /last-request`.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }
}
