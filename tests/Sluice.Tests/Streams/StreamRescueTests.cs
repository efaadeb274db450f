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

    private static string Snapshot(StreamSession session)
    {
        using var json = JsonDocument.Parse(StreamSnapshotJson.Resource(session.TrySnapshot()!));
        return json.RootElement.GetProperty("text").GetString()!;
    }

    private static StreamBench Bench(SpeakingTarget second) =>
        new(new FailoverBench(new SpeakingTarget(Answer) { Breaks = [5], BreaksWith = ChatErrorKind.IdleTimeout }, second).Provider);
}
