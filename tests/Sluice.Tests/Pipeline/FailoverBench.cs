using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>The failover step over targets of the test, which are called <c>t1</c>, <c>t2</c> ... The clock stands still unless a test moves it.</summary>
internal sealed class FailoverBench
{
    private readonly ModelRouter _router;

    public FailoverBench(params IChatProvider[] targets)
        : this([.. targets.Select((target, i) => new ChatTarget($"t{i + 1}", target, "x") { Priority = i + 1 })])
    {
    }

    public FailoverBench(IReadOnlyList<ChatTarget> targets, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider();
        Targets = targets;
        _router = new ModelRouter(
            new RoutingTable(
                new Dictionary<string, ChatRoute>(StringComparer.Ordinal) { ["m"] = new("m", targets) },
                targets.DistinctBy(target => target.ProviderName).ToDictionary(target => target.ProviderName, target => new RoutingTable.Upstream(target, null), StringComparer.Ordinal), "m"),
            NullLogger<ModelRouter>.Instance);
        Services = new FailoverServices(_router, new RetryBudget(Time), TestMeters.New(), Time, Log) { Random = () => Random };
    }

    public FakeTimeProvider Time { get; }

    public FakeLogger<FailoverProvider> Log { get; } = new();

    public IReadOnlyList<ChatTarget> Targets { get; }

    public FailoverServices Services { get; }

    public double Random { get; set; } = 0.5;

    public RetryOptions Options { set => _router.Table = _router.Table with { Retry = value }; }

    public RescueOptions Rescue { set => _router.Table = _router.Table with { Rescue = value }; }

    public HedgeOptions Hedge
    {
        set => _router.Table = _router.Table with { Routes = new Dictionary<string, ChatRoute>(StringComparer.Ordinal) { ["m"] = new("m", Targets) { Hedging = new Hedging(value) } } };
    }

    public FailoverProvider Provider => new(Services);

    /// <summary>The same with another health of the first target.</summary>
    public FailoverBench With(TargetHealth health) => new([Targets[0] with { Health = health }, .. Targets.Skip(1)], Time);

    /// <summary>Asks, and tells each chunk in a word as it comes: the text of content, the kind of everything else.</summary>
    public Task<List<string>> AskAsync(ChatRequest? request = null, List<string>? heard = null) => AskUntilAsync(request, heard ?? [], TestContext.Current.CancellationToken);

    public async Task<List<string>> AskUntilAsync(ChatRequest? request, List<string> heard, CancellationToken cancellationToken)
    {
        await foreach (var chunk in Provider.StreamAsync(request ?? Chunks.Streamed, cancellationToken))
        {
            heard.Add(Word(chunk));
        }

        return heard;
    }

    /// <summary>Asks, and gives what the question failed with; what came before is left in <paramref name="heard"/>.</summary>
    public async Task<ChatProviderException> FailAsync(ChatRequest? request = null, List<string>? heard = null) =>
        await Assert.ThrowsAsync<ChatProviderException>(() => AskAsync(request, heard).Soon());

    private static string Word(ChatChunk chunk) => chunk.Kind switch
    {
        ChatChunkKind.Content => Encoding.UTF8.GetString(chunk.View.Content),
        ChatChunkKind.Preamble => "role",
        _ => chunk.Kind.ToString(),
    };
}
