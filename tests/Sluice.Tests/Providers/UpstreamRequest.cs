using System.Text;

namespace Sluice.Tests.Providers;

/// <summary>A request as the upstream received it.</summary>
/// <param name="Head">Request line and headers, up to and including the blank line.</param>
/// <param name="Body">The body.</param>
internal sealed record UpstreamRequest(string Head, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
