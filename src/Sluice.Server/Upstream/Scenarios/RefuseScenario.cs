namespace Sluice.Server.Upstream.Scenarios;

/// <summary>The connection is accepted, the request read, and then reset before any byte of an answer.</summary>
internal sealed class RefuseScenario : IScenario
{
    public Task RunAsync(UpstreamCall call) => call.ResetAsync();
}
