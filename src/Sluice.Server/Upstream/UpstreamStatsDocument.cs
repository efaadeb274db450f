namespace Sluice.Server.Upstream;

/// <summary>The answer to `GET /stats`.</summary>
/// <param name="Requests">Chat requests so far.</param>
/// <param name="Completed">Those answered as planned, errors included.</param>
/// <param name="Aborted">Those whose client left before the end.</param>
/// <param name="Cut">Those that the scenario cut short.</param>
/// <param name="Active">Those running now.</param>
/// <param name="TokensSent">Tokens written in streams.</param>
/// <param name="LastRequest">The most recent one.</param>
internal sealed record UpstreamStatsDocument(
    long Requests, long Completed, long Aborted, long Cut, long Active, long TokensSent, LastRequest? LastRequest);
