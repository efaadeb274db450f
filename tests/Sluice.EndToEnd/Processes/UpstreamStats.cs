using System.Net.Http.Json;
using System.Text.Json;

namespace Sluice.EndToEnd.Processes;

/// <summary>What the scripted upstream counted.</summary>
/// <param name="Requests">Chat requests so far.</param>
/// <param name="Aborted">Those whose client left before the end.</param>
/// <param name="Active">Those running now.</param>
internal sealed record UpstreamStats(long Requests, long Aborted, long Active)
{
    private static readonly HttpClient Http = new();

    /// <summary>Asks for them.</summary>
    public static async Task<UpstreamStats> ReadAsync(ServerProcess upstream, CancellationToken cancellationToken)
    {
        var json = await Http.GetFromJsonAsync<JsonElement>(new Uri(upstream.Address, "/stats"), cancellationToken);
        return new UpstreamStats(json.GetProperty("requests").GetInt64(), json.GetProperty("aborted").GetInt64(), json.GetProperty("active").GetInt64());
    }

    /// <summary>Asks for them once nothing of an earlier test is running any more.</summary>
    public static Task<UpstreamStats> QuietAsync(ServerProcess upstream) => Eventually.IsAsync(token => ReadAsync(upstream, token), stats => stats.Active == 0);
}
