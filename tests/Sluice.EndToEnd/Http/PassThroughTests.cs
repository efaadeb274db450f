using System.Text.RegularExpressions;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>What the upstream says is what the client gets, to the byte.</summary>
public sealed partial class PassThroughTests(Gateway gateway)
{
    private const string Usage = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
    private const string Tools = Usage + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\"}}}]";

    [Theory]
    [InlineData("up/sim-64-0", Usage)]
    [InlineData("up/sim-5000-0", Usage)]
    [InlineData("up/sim-40-0-tools", Tools)]
    [InlineData("up/sim-40-0-reasoning", Usage)]
    [InlineData("up/sim-40-0-crlf", Usage)]
    [InlineData("up/sim-8-0-one-byte", Usage)]
    [InlineData("up/sim-40-0-content-filter-stream", Usage)]
    [InlineData("bella/sim-64-0", Usage)]
    [InlineData("bella/sim-40-0-tools", Tools)]
    [InlineData("bella/sim-40-0-bella-merged", Usage)]
    [InlineData("bella/sim-40-0-reasoning", Usage)]
    public async Task Chunks_AreTheUpstreamsOwnBytes(string model, string fields)
    {
        var (upstream, name) = gateway.Behind(model);

        var direct = await Asking.EventsAsync(Asking.OpenAi(upstream.Address, name, fields));
        var through = await Asking.EventsAsync(Asking.OpenAi(gateway.Server.Address, model, fields));

        // Bella may leave [DONE] out; an OpenAI client waits for it.
        Assert.Equal([.. direct.Data.Where(data => data != "[DONE]").Select(Same), "[DONE]"], through.Data.Select(Same));
        Assert.False(through.IsCut);
    }

    [Fact]
    public async Task UsageThatNobodyAskedFor_StaysHere_TheRestIsTheUpstreams()
    {
        var direct = await Asking.EventsAsync(Asking.OpenAi(gateway.Upstream.Address, "sim-20-0", Usage));
        var through = await Asking.EventsAsync(Asking.OpenAi(gateway.Server.Address, "up/sim-20-0"));

        Assert.Equal(direct.Data.Where(data => !data.Contains("\"choices\":[]", StringComparison.Ordinal)).Select(Same), through.Data.Select(Same));
        Assert.Equal(direct.Data.Count - 1, through.Data.Count);
    }

    [Theory]
    [InlineData("up/sim-64-0")]
    [InlineData("bella/sim-64-0")]
    public async Task WholeAnswer_IsTheUpstreamsOwnBytes(string model)
    {
        var (upstream, name) = gateway.Behind(model);

        Assert.Equal(await BodyAsync(upstream.Address, name), await BodyAsync(gateway.Server.Address, model));
    }

    [Theory]
    [InlineData("up/sim-40-25000")]
    [InlineData("bella/sim-40-25000")]
    public async Task Tokens_LeaveOneByOne(string model)
    {
        var (upstream, name) = gateway.Behind(model);

        var direct = await Asking.EventsAsync(Asking.OpenAi(upstream.Address, name, Usage));
        var through = await Asking.EventsAsync(Asking.OpenAi(gateway.Server.Address, model, Usage));

        // A busy machine may join a few; a server that collects would need only a handful of reads.
        Assert.InRange(through.Reads, 20, int.MaxValue);
        Assert.InRange(direct.Reads, 20, int.MaxValue);
    }

    [Theory]
    [InlineData("up/sim-500-0")]
    [InlineData("bella/sim-500-0")]
    public async Task AskStream_HasTheSameText(string model)
    {
        var (upstream, name) = gateway.Behind(model);
        var text = await Asking.WholeTextAsync(upstream.Address, name);

        var answer = await Asking.EventsAsync(Asking.Ask(gateway.Server.Address, model));

        Assert.Equal("start", answer.Types.First());
        Assert.Equal(["end"], answer.Types.Where(type => type is "end" or "error" or "cancelled"));
        Assert.Equal(text, answer.Text);
        Assert.Equal(text, answer.Json[^1].GetProperty("answer").GetString());
        Assert.Equal(500, answer.Json[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Contains("你好", text, StringComparison.Ordinal);
    }

    private static async Task<string> BodyAsync(Uri server, string model)
    {
        using var response = await Asking.SendAsync(Asking.OpenAi(server, model, ""));
        Assert.Equal(200, (int)response.StatusCode);
        return Same(System.Text.Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    // Two answers differ in who they are and when they were made.
    private static string Same(string json) => Identity().Replace(json, "$1");

    [GeneratedRegex("""("id":"chatcmpl|"created":)[^,]*""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identity();
}
