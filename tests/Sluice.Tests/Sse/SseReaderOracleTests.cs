using System.Net.ServerSentEvents;
using System.Text;
using CsCheck;

namespace Sluice.Tests.Sse;

/// <summary>The framework's own parser as a second opinion, wherever it follows the specification.</summary>
public sealed class SseReaderOracleTests
{
    /// <summary>
    /// What the framework's parser is known to do otherwise, each with an input that shows it. The random comparison below
    /// keeps clear of exactly these. Should a case fail because the parser has changed, drop it here and widen the generator.
    /// </summary>
    public static TheoryData<string, string, string> Deviations => new()
    {
        { "an empty event field gives the type \"\" and not the default one", "event:\ndata: a\n\n", "a||" },
        { "the event type leaks out of a block without data", "event: e\n\ndata: a\n\n", "a|e|" },
    };

    [Theory]
    [MemberData(nameof(Deviations))]
    public async Task SseParser_KnownDeviation_IsStillThere(string what, string input, string theirs)
    {
        Assert.NotEmpty(what);
        Assert.Equal([theirs], Theirs(input));
        Assert.NotEqual([theirs], await OursAsync(input));
    }

    [Fact]
    public void ReadAsync_StreamsWithoutKnownDeviations_GivesWhatTheFrameworkGives()
    {
        Gen<string> value = StreamGenerator.Text;
        Gen<string> data = Gen.OneOf("data:", "data: ", "data:  ").Select(value, (name, text) => name + text);
        Gen<string> other = Gen.OneOf<string>(
            Gen.OneOf("event: e", "event: ev", "event:x"),
            value.Select(text => "id:" + text),
            value.Select(text => ":" + text),
            value.Select(text => "other:" + text),
            Gen.OneOf("data", "datas", "retry: 5", "retry: x", "id", "id: a\0b"));
        // Each block has data, so that no event type can leak.
        Gen<string> block = Gen.Select(
            StreamGenerator.Lines(other).Array[0, 3], StreamGenerator.Lines(data), StreamGenerator.Lines(other).Array[0, 3], StreamGenerator.LineEnd,
            (before, line, after, end) => string.Concat(before) + line + string.Concat(after) + end);
        Gen.OneOf("", "\uFEFF").Select(block.Array[0, 6], (mark, blocks) => mark + string.Concat(blocks))
            .Sample(text => Assert.Equal(Theirs(text), OursAsync(text).GetAwaiter().GetResult()), iter: 3000);
    }

    // Like the specification, the framework drops an event that the input's end cut.
    private static async Task<List<string>> OursAsync(string input)
    {
        List<SeenEvent> events = await Reading.AllAsync(Reading.AtOnce([Reading.Utf8(input)]));
        return [.. events.Where(e => e.IsTerminated).Select(e => $"{Text(e.Data)}|{(e.Type.Length == 0 ? "message" : Text(e.Type))}|{Text(e.Id)}")];
    }

    private static List<string> Theirs(string input)
    {
        using var stream = new MemoryStream(Reading.Utf8(input));
        SseParser<string> parser = SseParser.Create(stream);
        return [.. parser.Enumerate().Select(item => $"{item.Data}|{item.EventType}|{parser.LastEventId}")];
    }

    private static string Text(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
}
