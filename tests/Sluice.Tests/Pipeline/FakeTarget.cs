using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>An upstream that does something else at each call: what each script says, the last one from then on.</summary>
internal sealed class FakeTarget(params Script[] scripts) : IChatProvider
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public List<string?> Models { get; } = [];

    /// <summary>Calls that are not let go of.</summary>
    public int Open => scripts.Distinct().Sum(script => script.Open);

    public static Script Whole(string text = "a") => new Script().Role().Text(text).Finish().Done();

    public static Script Failing(ChatErrorKind kind = ChatErrorKind.Upstream, double? retryAfter = null) => new Script().Role().Fail(
        new ChatProviderException(kind, $"failed with {kind}") { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null });

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        Models.Add(request.Model);
        var call = Interlocked.Increment(ref _calls) - 1;
        return new Support.ScriptedProvider(scripts[Math.Min(call, scripts.Length - 1)]).StreamAsync(request, cancellationToken);
    }
}
