namespace Sluice.Server.Upstream;

/// <summary>Leaves the endpoint so that the server closes the connection without ending the body.</summary>
internal sealed class UpstreamCutException() : Exception("The scenario cuts the answer here.");
