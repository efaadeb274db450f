namespace Sluice.Server.Upstream.Scenarios;

/// <summary>What happens to one chat request. Instances hold no state of a call and serve all of them at once.</summary>
internal interface IScenario
{
    /// <summary>Answers the call, or fails it in the scenario's own way.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    /// <exception cref="UpstreamCutException">The connection is to be closed in the middle of the body.</exception>
    Task RunAsync(UpstreamCall call);
}
