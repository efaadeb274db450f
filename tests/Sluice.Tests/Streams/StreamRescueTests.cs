using System.Text.Json;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>What viewers see of an answer that broke off.</summary>
public sealed class StreamRescueTests
{
    private const string Answer = "one two three four";

    [Fact]
    public async Task Native_CarriedOn_IsOneAnswer()
    {
        var bench = Bench(new SpeakingTarget(Answer, "d"));
        var session = bench.OpenNative();
        var text = await bench.ReadAllAsync(session);
        Assert.DoesNotContain("reset", EventText.Types(text));
        var end = EventText.Data(text)[^1];
        Assert.Equal((Answer, "2"), (EventText.Field(end, "answer"), EventText.Field(end, "attempts")));
        Assert.Equal(Answer, Snapshot(session));
    }

    [Fact]
    public async Task Native_NobodyCanGoOn_IsResetAndAnsweredAnew()
    {
        var bench = Bench(new SpeakingTarget("one and two", "d"));
        var session = bench.OpenNative();
        var text = await bench.ReadAllAsync(session);
        var events = EventText.Data(text);
        var reset = EventText.Types(text).IndexOf("reset");
        Assert.Equal("answer_lost", EventText.Field(events[reset], "reason"));
        Assert.Equal("one and two", string.Concat(events[(reset + 1)..^1].Select(data => EventText.Field(data, "content"))));
        Assert.Equal(("one and two", "m-d"), (EventText.Field(events[^1], "answer"), EventText.Field(events[^1], "model")));
        Assert.Equal("one and two", Snapshot(session));
    }

    [Fact]
    public async Task OpenAi_NobodyCanGoOn_IsOneError()
    {
        var bench = Bench(new SpeakingTarget("one and two", "d"));
        var session = bench.OpenOpenAi();
        var events = EventText.Data(await bench.ReadAllAsync(session));
        Assert.Contains("c broke off", events[^1], StringComparison.Ordinal);
        Assert.Single(events, data => data.Contains("\"error\"", StringComparison.Ordinal));
        Assert.Equal(("one t", StreamState.Failed), (Snapshot(session), session.State));
    }

    [Fact]
    public async Task OpenAi_CarriedOn_IsOneStream()
    {
        var bench = Bench(new SpeakingTarget(Answer, "d") { Usage = """{"prompt_tokens":1,"completion_tokens":2}""" });
        var session = bench.OpenOpenAi();
        var events = EventText.Data(await bench.ReadAllAsync(session));
        Assert.Equal("[DONE]", events[^1]);
        Assert.All(events[..^1], data => Assert.StartsWith("""{"id":"c","created":1,"model":"m-c",""", data, StringComparison.Ordinal));
        Assert.Single(events, data => data.Contains("\"role\"", StringComparison.Ordinal));
        Assert.Single(events, data => data.Contains("\"finish_reason\"", StringComparison.Ordinal));
        Assert.Equal(Answer, Text(events[..^1]));
        Assert.Equal(Answer, Snapshot(session));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HalfOfACharacterWasShown_TheWholeComesOut(bool isNative)
    {
        var first = new Script().Role().Text("ab\\ud83d").Fail(Cut());
        var bench = new StreamBench(new FailoverBench(new Support.ScriptedProvider(first), new SpeakingTarget("ab😀c", "d")).Provider);
        var session = isNative ? bench.OpenNative() : bench.OpenOpenAi();
        var text = await bench.ReadAllAsync(session);
        Assert.Equal(StreamState.Done, session.State);
        Assert.Equal("ab😀c", Snapshot(session));
        if (isNative)
        {
            Assert.Equal("ab😀c", EventText.Field(EventText.Data(text)[^1], "answer"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogHasDroppedItsBeginning_WholeAnswerAllTheSame(bool isNative)
    {
        var words = string.Concat(Enumerable.Range(0, 4000).Select(i => $"w{i} "));
        var bench = new StreamBench(new FailoverBench(new SpeakingTarget(words) { Breaks = [words.Length - 100], BreaksWith = ChatErrorKind.IdleTimeout }, new SpeakingTarget(words, "d")).Provider);
        bench.Options.MaxLogEvents = 100;
        bench.Options.SnapshotAfter = int.MaxValue;
        var session = isNative ? bench.OpenNative() : bench.OpenOpenAi();
        await bench.ReadAllAsync(session);
        Assert.Equal(StreamState.Done, session.State);
        Assert.True(session.Log.First.Start > 0);
        Assert.Equal(words, Snapshot(session));
    }

    [Fact]
    public async Task Native_AttemptsAndUsage_AreThoseOfAllCalls()
    {
        var first = new Script().Chunk("""{"choices":[{"index":0,"delta":{"content":"one t"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""").Fail(Cut());
        var second = new SpeakingTarget("one and two", "d");
        var third = new SpeakingTarget(Answer, "e") { Usage = """{"prompt_tokens":3,"completion_tokens":4}""" };
        var bench = new StreamBench(new FailoverBench(new Support.ScriptedProvider(first), second, third).Provider);
        var end = EventText.Data(await bench.ReadAllAsync(bench.OpenNative()))[^1];
        Assert.Equal((Answer, "3", """{"prompt_tokens":6,"completion_tokens":6}"""), (EventText.Field(end, "answer"), EventText.Field(end, "attempts"), EventText.Field(end, "usage")));
    }

    [Fact]
    public async Task Native_WhoMissedTheReset_IsToldWhenItComesBack()
    {
        var bench = Bench(new SpeakingTarget("one and two", "d"));
        var session = bench.OpenNative();
        var events = EventText.Types(await bench.ReadAllAsync(session));
        var output = new MemoryStream();
        using (var viewer = session.TryAttach(TestContext.Current.CancellationToken, after: events.IndexOf("reset"))!)
        {
            await viewer.RunAsync(System.IO.Pipelines.PipeWriter.Create(output)).Soon();
        }

        Assert.StartsWith("""data: {"type":"reset","reason":"answer_lost"}""", System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n')[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ViewerLeavesWhileItIsCarriedOn_NothingIsLeft(bool isNative)
    {
        var waiting = new Script().Text("one").Hang();
        var failover = new FailoverBench(new SpeakingTarget(Answer) { Breaks = [5], BreaksWith = ChatErrorKind.IdleTimeout }, new Support.ScriptedProvider(waiting));
        var bench = new StreamBench(failover.Provider);
        var session = isNative ? bench.OpenNative() : bench.OpenOpenAi();
        using (var viewer = session.Attach(TestContext.Current.CancellationToken))
        {
            bench.Hub.Start(session);
            await waiting.Asked.Soon();
        }

        await waiting.Cancelled.Soon();
        await session.Completion.Soon();
        Assert.Equal((StreamState.Cancelled, 0), (session.State, waiting.Open));
        Assert.All(failover.Targets, target => Assert.Equal(0, target.Health.Describe("m", "t", "x").Active));
        await bench.ExpireAllAsync();
        Assert.Equal(0, bench.Hub.Bytes);
    }

    private static ChatProviderException Cut() => new(ChatErrorKind.IdleTimeout, "cut");

    private static string Text(IEnumerable<string> chunks) => string.Concat(chunks.Select(data =>
    {
        using var json = JsonDocument.Parse(data);
        var choices = json.RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "";
    }));

    private static string Snapshot(StreamSession session)
    {
        using var json = JsonDocument.Parse(StreamSnapshotJson.Resource(session.TrySnapshot()!));
        return json.RootElement.GetProperty("text").GetString()!;
    }

    private static StreamBench Bench(SpeakingTarget second) =>
        new(new FailoverBench(new SpeakingTarget(Answer) { Breaks = [5], BreaksWith = ChatErrorKind.IdleTimeout }, second).Provider);
}
