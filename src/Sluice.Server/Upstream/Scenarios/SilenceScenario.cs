namespace Sluice.Server.Upstream.Scenarios;

/// <summary>Nothing comes, until the client gives up.</summary>
/// <param name="headers">Whether status and headers are sent first.</param>
internal sealed class SilenceScenario(bool headers) : IScenario
{
    public async Task RunAsync(UpstreamCall call)
    {
        if (headers) await call.OpenStreamAsync();
        await call.Pacer.ForeverAsync();
    }
}
