namespace Sluice.Server.Upstream.Faults;

/// <summary>Bytes that real providers and proxies have sent in the middle of a stream.</summary>
internal static class WireSamples
{
    /// <summary>A chunk that stops in the middle of its JSON.</summary>
    public static readonly byte[] Malformed = "data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bro\n\n"u8.ToArray();

    /// <summary>A whole chunk whose text is not UTF-8.</summary>
    public static readonly byte[] InvalidUtf8 = [.. "data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""u8, 0xFF, 0xFE, 0xC3, 0x28, .. "\"}}]}\n\n"u8];

    /// <summary>Events without data, and blank lines.</summary>
    public static readonly byte[] EmptyData = "data:\n\ndata: \n\n\n\ndata\n\n"u8.ToArray();

    /// <summary>Keep-alives as other servers send them.</summary>
    public static readonly byte[] OddPings = "data: : ping\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\nevent: keepalive\ndata:\n\n: comment\n\n"u8.ToArray();

    /// <summary>OpenAI's error inside a stream.</summary>
    public static readonly byte[] ErrorChunk = "data: {\"error\":{\"message\":\"The server had an error while processing your request.\",\"type\":\"server_error\",\"param\":null,\"code\":\"server_error\"}}\n\n"u8.ToArray();

    /// <summary>Bella's error inside a stream, and the stray body that may follow it.</summary>
    public static readonly byte[] BellaError = "data:{\"error\":{\"code\":\"429\",\"httpCode\":429,\"message\":\"渠道当前负载过高，请稍后重试\",\"type\":\"rate_limit\"},\"created\":1760000000,\"choices\":[]}\n\n{\"error\":{\"code\":\"429\",\"httpCode\":429,\"message\":\"渠道当前负载过高，请稍后重试\"}}"u8.ToArray();
}
