using System.Text;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>An upstream that says one thing when it is asked, and another in a further turn; null there is a 400.</summary>
internal sealed class TurningTarget(string first, string? further) : IChatProvider
{
    public List<ChatRequest> Requests { get; } = [];

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        var isFurther = Encoding.UTF8.GetString(request.Body.Span).Contains("\"assistant\"", StringComparison.Ordinal);
        var script = new Script();
        _ = isFurther && further is null
            ? script.Fail(new ChatProviderException(ChatErrorKind.InvalidRequest, "no further turn") { UpstreamStatus = 400 })
            : script.Text(isFurther ? further! : first).Finish().Done();
        return new Support.ScriptedProvider(script).StreamAsync(request, cancellationToken);
    }
}
