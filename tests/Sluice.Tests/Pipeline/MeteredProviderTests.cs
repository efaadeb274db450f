using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Pipeline;
using Sluice.Tests.Chat;

namespace Sluice.Tests.Pipeline;

public sealed class MeteredProviderTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CountingTime _time = new();
    private readonly ScriptedProvider _inner = new();
    private readonly MeteredProvider _provider;
    private readonly MetricCollector<double> _duration;
    private readonly MetricCollector<double> _firstToken;
    private readonly MetricCollector<long> _input;
    private readonly MetricCollector<long> _output;

    public MeteredProviderTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _provider = new MeteredProvider(_inner, Support.TestMeters.Metering(new SluiceMetrics(meters), _time));
        _duration = new(meters, SluiceMetrics.MeterName, "gen_ai.server.request.duration");
        _firstToken = new(meters, SluiceMetrics.MeterName, "gen_ai.server.time_to_first_token");
        _input = new(meters, SluiceMetrics.MeterName, "gen_ai.client.inference.usage.input_tokens");
        _output = new(meters, SluiceMetrics.MeterName, "gen_ai.client.inference.usage.output_tokens");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task StreamAsync_WholeAnswer_RecordsEachFigureOnce()
    {
        await using (IAsyncEnumerator<ChatChunk> chunks = _provider.StreamAsync(Chunks.Streamed, Token).GetAsyncEnumerator(Token))
        {
            _inner.Say(Chunks.Role);
            Assert.True(await chunks.MoveNextAsync());
            _time.Advance(TimeSpan.FromSeconds(2));
            _inner.Say(Chunks.Token, Chunks.Token);
            Assert.True(await chunks.MoveNextAsync());
            _time.Advance(TimeSpan.FromSeconds(3));
            Assert.True(await chunks.MoveNextAsync());
            _inner.Say(Chunks.Finish, Chunks.Usage, ChatChunk.Done).End();
            while (await chunks.MoveNextAsync())
                Assert.NotEqual(ChatChunkKind.Heartbeat, chunks.Current.Kind);
        }

        Ended(null, 5);
        Assert.Equal((2.0, "m"), (Single(_firstToken).Value, Single(_firstToken).Tags["gen_ai.request.model"]));
        Assert.Equal((9L, 12L), (Single(_input).Value, Single(_output).Value));
    }

    [Fact]
    public async Task StreamAsync_UsageOnEveryChunk_CountsTheLast()
    {
        ChatChunk first = ChunkJson.Parse("""{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}""");
        await ReadAllAsync(_inner.Say(first, Chunks.Usage, ChatChunk.Done).End());
        Assert.Equal((9L, 12L), (Single(_input).Value, Single(_output).Value));
    }

    [Theory]
    [InlineData("{}", 1, 0, true, true)]
    [InlineData("""{"completion_tokens":2,"details":{"prompt_tokens":99},"prompt_tokens":1}""", 1, 2, false, false)]
    [InlineData("""{"prompt_tokens":"1","completion_tokens":1.5}""", 1, 0, true, true)]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":[1]}""", 1, 0, true, true)]
    [InlineData("""{"prompt_tokens":-1,"completion_tokens":-2}""", 1, 0, true, true)]
    [InlineData("""{"\ud800\ud800\ud800":1,"prompt_tokens":3,"completion_tokens":4}""", 3, 4, false, false)]
    [InlineData("""{"prompt_tokens":99999999999999999999,"completion_tokens":4}""", 1, 4, true, false)]
    public async Task StreamAsync_Usage_IsReadCarefully(string usage, long input, long output, bool isInputEstimated, bool isOutputEstimated)
    {
        await ReadAllAsync(_inner.Say(ChunkJson.Parse($$"""{"choices":[],"usage":{{usage}}}"""), ChatChunk.Done).End());
        Assert.Equal((input, output), (Single(_input).Value, Single(_output).Value));
        Assert.Equal((isInputEstimated, isOutputEstimated), (Single(_input).Tags["sluice.usage.estimated"], Single(_output).Tags["sluice.usage.estimated"]));
        Ended(null, 0);
    }

    [Fact]
    public async Task StreamAsync_Completion_CountsItsUsage()
    {
        byte[] body = ChunkJson.Utf8("""{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""");
        await ReadAllAsync(_inner.Say(ChatChunk.Heartbeat, ChatChunk.Completion(body), ChatChunk.Done).End(), Chunks.Whole);
        Assert.Equal((3L, 4L), (Single(_input).Value, Single(_output).Value));
        Ended(null, 0);
        Assert.Empty(_firstToken.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task StreamAsync_UpstreamFails_RecordsTheCode()
    {
        _inner.Say(Chunks.Token).Fail(new ChatProviderException(ChatErrorKind.IdleTimeout, "m"));
        await Assert.ThrowsAsync<ChatProviderException>(() => ReadAllAsync(_inner));
        Ended("upstream_idle_timeout", 0);
        Assert.Single(_firstToken.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task StreamAsync_ProviderHasADefect_IsAnInternalError()
    {
        _inner.Fail(new InvalidOperationException("m"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAllAsync(_inner));
        Ended("internal_error", 0);
    }

    [Fact]
    public async Task StreamAsync_EndsWithoutDone_IsTruncated()
    {
        await ReadAllAsync(_inner.Say(Chunks.Token).End());
        Ended("upstream_truncated", 0);
    }

    [Fact]
    public async Task StreamAsync_Cancelled_IsCancelled()
    {
        using var caller = new CancellationTokenSource();
        await using (IAsyncEnumerator<ChatChunk> chunks = _provider.StreamAsync(Chunks.Streamed, caller.Token).GetAsyncEnumerator(caller.Token))
        {
            Task<bool> next = chunks.MoveNextAsync().AsTask();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        }

        Ended("cancelled", 0);
    }

    [Theory]
    [InlineData(false, "cancelled")]
    [InlineData(true, null)]
    public async Task StreamAsync_ConsumerLeaves_IsCancelledUnlessTheAnswerWasWhole(bool isWhole, string? outcome)
    {
        _inner.Say(Chunks.Token, Chunks.Usage, ChatChunk.Done);
        await foreach (ChatChunk chunk in _provider.StreamAsync(Chunks.Streamed, Token))
        {
            if (chunk.Kind == (isWhole ? ChatChunkKind.Done : ChatChunkKind.Content))
                break;
        }

        Ended(outcome, 0);
        Assert.True(_inner.IsDisposed);
    }

    private async Task ReadAllAsync(ScriptedProvider inner, ChatRequest? request = null)
    {
        Assert.Same(_inner, inner);
        await foreach (ChatChunk chunk in _provider.StreamAsync(request ?? Chunks.Streamed, Token))
            Assert.NotEqual(ChatChunkKind.Error, chunk.Kind);
    }

    private void Ended(string? outcome, double seconds)
    {
        CollectedMeasurement<double> end = Single(_duration);
        Assert.Equal((outcome, seconds, "m"), (end.Tags["error.type"], end.Value, end.Tags["gen_ai.request.model"]));
    }

    private static CollectedMeasurement<T> Single<T>(MetricCollector<T> collector)
        where T : struct => Assert.Single(collector.GetMeasurementSnapshot());
}
