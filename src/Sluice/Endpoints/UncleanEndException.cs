namespace Sluice.Endpoints;

/// <summary>Leaves an endpoint so that the server closes the response without its closing chunk: the one sign of failure that every client notices.</summary>
/// <remarks>Not an error of the server: what went wrong has been told in the stream. Aborting the connection instead would lose that last frame
/// in most runs.</remarks>
internal sealed class UncleanEndException() : Exception("The stream failed, and said so; its response ends without the closing chunk on purpose.");
