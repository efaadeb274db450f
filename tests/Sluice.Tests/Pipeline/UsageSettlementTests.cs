using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Pipeline;
using Sluice.Tests.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>However a generation ends, what it has cost is counted once: as the upstream said, or as an estimate that says that it is one.</summary>
public sealed class UsageSettlementTests : IDisposable
{
    // "Please translate this." is 22 bytes of text: 6 tokens by the rule.
    private static readonly ChatRequest Question = ChatRequest.FromQuestion("Please translate this.", "m");
    private static readonly ChatProviderException Refused = new(ChatErrorKind.Upstream, "refused");

    private readonly IMeterFactory _meters = TestMeters.Factory();
    private readonly MetricCollector<long> _input;
    private readonly MetricCollector<long> _output;
    private readonly CountingTime _time = new();
    private readonly SluiceMetrics _metrics;

    public UsageSettlementTests()
    {
        _metrics = new SluiceMetrics(_meters);
        _input = new(_meters, SluiceMetrics.MeterName, "gen_ai.client.inference.usage.input_tokens");
        _output = new(_meters, SluiceMetrics.MeterName, "gen_ai.client.inference.usage.output_tokens");
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task Completed_AsTheUpstreamSays()
    {
        await ReadAllAsync(new Script().Role().Text("a").Finish().Usage().Done());
        SettledAs(3, 4, isEstimated: false);
    }

    [Fact]
    public async Task Completed_WithoutUsage_IsEstimated()
    {
        await ReadAllAsync(new Script().Role().Text("a").Text("b").Finish().Done());
        SettledAs(6, 2, isEstimated: true);
    }

    [Theory]
    [InlineData(ChatErrorKind.Truncated)]
    [InlineData(ChatErrorKind.IdleTimeout)]
    [InlineData(ChatErrorKind.Upstream)]
    [InlineData(ChatErrorKind.Internal)]
    public async Task FailedInMidAnswer_WhatWasSaidIsEstimated(ChatErrorKind kind)
    {
        await FailAsync(new Script().Text("a").Text("b").Text("c").Fail(new ChatProviderException(kind, "x")));
        SettledAs(6, 3, isEstimated: true);
    }

    [Fact]
    public async Task FailedBehindItsUsage_TheUsageStands()
    {
        await FailAsync(new Script().Text("a").Usage().Fail(Refused));
        SettledAs(3, 4, isEstimated: false);
    }

    [Fact]
    public async Task CarriedOnByAnotherCall_BothAreCounted_AndTheSumIsAnEstimate()
    {
        // The first call broke off before it told its counts; the second tells its own.
        await ReadAllAsync(new Script().Text("a").Text("b").Status(ChatChunkKind.Attempt | ChatChunkKind.FailingOver).Text("c").Finish().Usage().Done());
        SettledAs(6 + 3, 2 + 4, isEstimated: true);
    }

    [Fact]
    public async Task AskedAgainBeforeAnythingWasShown_OnlyTheAnswerIsCounted()
    {
        await ReadAllAsync(new Script().Status(ChatChunkKind.Attempt | ChatChunkKind.Retrying).Text("c").Finish().Usage().Done());
        SettledAs(3, 4, isEstimated: false);
    }

    [Fact]
    public async Task EndsWithoutDone_IsEstimated()
    {
        await ReadAllAsync(new Script().Text("a"));
        SettledAs(6, 1, isEstimated: true);
    }

    [Theory]
    [InlineData(ChatErrorKind.Connect, 0)]
    [InlineData(ChatErrorKind.RateLimited, 0)]
    [InlineData(ChatErrorKind.InvalidRequest, 0)]
    [InlineData(ChatErrorKind.Unavailable, 0)]
    [InlineData(ChatErrorKind.Upstream, 0)]
    [InlineData(ChatErrorKind.FirstTokenTimeout, 6)]
    [InlineData(ChatErrorKind.HeadersTimeout, 6)]
    [InlineData(ChatErrorKind.Truncated, 6)]
    public async Task FailedBeforeAToken_WhoRefusesHasNotWorked(ChatErrorKind kind, long input)
    {
        await FailAsync(new Script().Role().Fail(new ChatProviderException(kind, "x")));
        SettledAs(input, 0, isEstimated: input > 0);
    }

    [Fact]
    public async Task ProviderHasADefect_IsSettledAllTheSame()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAllAsync(new Script().Text("a").Fail(new InvalidOperationException())));
        SettledAs(6, 1, isEstimated: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Cancelled_IsEstimatedAtOnce(int tokens)
    {
        var script = new Script().Role();
        for (var i = 0; i < tokens; i++)
        {
            script.Text("a");
        }

        await CancelAsync(script.Hang());
        SettledAs(6, tokens, isEstimated: true);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task CancelledWhileOnlyTheUsageIsOutstanding_ItIsWaitedFor()
    {
        var gate = Script.New();
        var script = new Script().Text("a").Finish().Wait(gate.Task).Usage().Hang();
        await CancelAsync(script, beforeItEnds: () =>
        {
            Assert.False(script.Cancelled.IsCompleted);
            gate.SetResult();
        });
        SettledAs(3, 4, isEstimated: false);
        Assert.Equal(0, script.Open);
    }

    [Fact]
    public async Task CancelledWhileOnlyTheUsageIsOutstanding_ItNeverComes_TheWaitIsShort()
    {
        var script = new Script().Text("a").Finish().Hang();
        await CancelAsync(script, beforeItEnds: () => _time.Advance(UsageWait.MaxWait));
        SettledAs(6, 1, isEstimated: true);
        Assert.Equal((0, true), (script.Open, script.Cancelled.IsCompleted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LeavesWhileOnlyTheUsageIsOutstanding_ItIsDrained(bool comes)
    {
        var script = new Script().Text("a").Finish();
        await using (var chunks = Ask(comes ? script.Text("").Usage().Hang() : script.Hang(), CancellationToken.None))
        {
            while (await chunks.MoveNextAsync() && !chunks.Current.Kind.HasFlag(ChatChunkKind.Finish))
            {
            }

            var leaving = chunks.DisposeAsync().AsTask();
            Assert.Equal(comes, leaving.IsCompleted);
            _time.Advance(UsageWait.MaxWait);
            await leaving.Soon();
        }

        SettledAs(comes ? 3 : 6, comes ? 4 : 1, isEstimated: !comes);
        Assert.Equal(0, script.Open);
    }

    [Fact]
    public async Task LeavesWhileOnlyTheUsageIsOutstanding_TheUpstreamTalksOn_IsLeftAnyway()
    {
        var script = new Script().Finish().Texts(1000).Usage();
        await using (var chunks = Ask(script, CancellationToken.None))
        {
            Assert.True(await chunks.MoveNextAsync());
        }

        Assert.InRange(script.Said, 1, 100);
        Assert.True(Assert.Single(_output.GetMeasurementSnapshot()).Tags["sluice.usage.estimated"] is true);
    }

    [Fact]
    public async Task LeavesBeforeTheFinish_NothingIsDrained()
    {
        var script = new Script().Text("a").Text("b").Finish().Usage().Done();
        await using (var chunks = Ask(script, CancellationToken.None))
        {
            Assert.True(await chunks.MoveNextAsync());
        }

        Assert.Equal(1, script.Said);
        SettledAs(6, 1, isEstimated: true);
    }

    [Fact]
    public async Task CancelledAfterTheEnd_IsSettledOnce()
    {
        using var cancel = new CancellationTokenSource();
        await using (var chunks = Ask(new Script().Text("a").Finish().Usage().Done().Hang(), cancel.Token))
        {
            while (await chunks.MoveNextAsync() && chunks.Current.Kind != ChatChunkKind.Done)
            {
            }

            var next = chunks.MoveNextAsync().AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Soon());
            await chunks.DisposeAsync();
        }

        SettledAs(3, 4, isEstimated: false);
    }

    [Fact]
    public async Task Retried_OneQuestionIsSettledOnce()
    {
        var bench = new FailoverBench(new FakeTarget(FakeTarget.Failing(), FakeTarget.Failing(), new Script().Role().Text("a").Finish().Usage().Done())) { Random = 0 };
        await ReadAllAsync(bench.Provider);
        SettledAs(3, 4, isEstimated: false);
    }

    [Fact]
    public async Task FailedOver_OneQuestionIsSettledOnce()
    {
        var bench = new FailoverBench(new FakeTarget(FakeTarget.Failing(ChatErrorKind.FirstTokenTimeout)), new FakeTarget(FakeTarget.Whole()));
        await ReadAllAsync(bench.Provider);
        SettledAs(6, 1, isEstimated: true);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":"Twelve bytes","id":"x"},"finish_reason":"stop"}]}""", 6, 3, true)]
    [InlineData("""{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""", 3, 4, false)]
    [InlineData("""{"choices":null}""", 6, 0, true)]
    [InlineData("{}", 6, 0, true)]
    public async Task InOnePiece_IsSettledOnce(string body, long input, long output, bool isEstimated)
    {
        await ReadAllAsync(new Script().Completion(body).Done());
        SettledAs(input, output, isEstimated);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"system","content":"abcd"},{"role":"user","content":"efgh"}]}""", 2)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"abcd"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAAAAAAAAAAAAAA"}}]}]}""", 1)]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"abcd","description":"efgh"}}],"messages":[]}""", 2)]
    [InlineData("""{"messages":"abcde"}""", 2)]
    [InlineData("""{"messages":null,"user":"abcdefgh"}""", 0)]
    [InlineData("""{"messages":[{"content":"你好\ud83d"}]}""", 3)]
    public async Task Prompt_IsEstimatedByItsText(string body, long tokens)
    {
        await foreach (var chunk in new MeteredProvider(new Support.ScriptedProvider(new Script().Done()), Support.TestMeters.Metering(_metrics, _time)).StreamAsync(Request(body).For("m"), CancellationToken.None))
        {
            Assert.Equal(ChatChunkKind.Done, chunk.Kind);
        }

        SettledAs(tokens, 0, isEstimated: true);
    }

    [Theory]
    [InlineData("\"content\":\"a long piece of text\"", 5)]
    [InlineData("\"content\":\"a long piece of text\",\"reasoning_content\":\"a long piece of text\"", 5)]
    [InlineData("\"tool_calls\":[{\"index\":0}]", 1)]
    [InlineData("\"content\":\"\"", 0)]
    public async Task Answer_IsEstimatedByItsText(string delta, long tokens)
    {
        await ReadAllAsync(new Script().Chunk(ChunkJson.Delta(delta)).Done());
        SettledAs(6, tokens, isEstimated: true);
    }

    private static ChatRequest Request(string body) => ChatRequest.Parse(ChunkJson.Utf8(body));

    private IAsyncEnumerator<ChatChunk> Ask(Script script, CancellationToken cancellationToken) =>
        new MeteredProvider(new Support.ScriptedProvider(script), Support.TestMeters.Metering(_metrics, _time)).StreamAsync(Question, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private Task ReadAllAsync(Script script) => ReadAllAsync(new Support.ScriptedProvider(script));

    private async Task ReadAllAsync(IChatProvider inner)
    {
        await foreach (var chunk in new MeteredProvider(inner, Support.TestMeters.Metering(_metrics, _time)).StreamAsync(Question, TestContext.Current.CancellationToken))
        {
            Assert.NotEqual(ChatChunkKind.Error, chunk.Kind);
        }
    }

    private Task<ChatProviderException> FailAsync(Script script) => Assert.ThrowsAsync<ChatProviderException>(() => ReadAllAsync(script));

    // Reads on until there is nothing more at hand, cancels, and reads to the end that this has.
    private async Task CancelAsync(Script script, Action? beforeItEnds = null)
    {
        using var cancel = new CancellationTokenSource();
        await using var chunks = Ask(script, cancel.Token);
        Task<bool> next;
        while ((next = chunks.MoveNextAsync().AsTask()).IsCompletedSuccessfully)
        {
            Assert.True(await next);
        }

        await cancel.CancelAsync();
        beforeItEnds?.Invoke();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await next.Soon())
            {
                cancel.Token.ThrowIfCancellationRequested();
                next = chunks.MoveNextAsync().AsTask();
            }
        });
    }

    private void SettledAs(long input, long output, bool isEstimated)
    {
        var (question, answer) = (Assert.Single(_input.GetMeasurementSnapshot()), Assert.Single(_output.GetMeasurementSnapshot()));
        Assert.Equal((input, output), (question.Value, answer.Value));
        Assert.Equal((isEstimated, isEstimated), (question.Tags["sluice.usage.estimated"], answer.Tags["sluice.usage.estimated"]));
        Assert.Equal("m", answer.Tags["gen_ai.request.model"]);
    }
}
