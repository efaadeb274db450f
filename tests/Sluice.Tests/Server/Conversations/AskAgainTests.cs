using System.Net;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>Questions of a conversation that are posted twice, under one key.</summary>
public sealed class AskAgainTests
{
    private const string New = """{"conversation":"new","prompt":"q"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_ThatStillRuns_IsJoined_WithTheSameNames()
    {
        var gate = Task.CompletedTask;
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Do(_ => gate).Finish().Done(), ("Sluice:Limits:Callers:RequestsPerMinute", "9"));
        var first = await bench.AskAsync(New);
        await bench.GetAsync($"/v1/conversations/{first.Conversation}");
        var hold = new TaskCompletionSource();
        gate = hold.Task;
        var next = $$"""{"conversation":"{{first.Conversation}}","prompt":"and?"}""";
        var (asked, cut) = await bench.BeginAsync(next, "k");
        await bench.UntilAsync(first.Conversation, message => message.GetProperty("id").GetString() == asked.Answer);
        cut.Dispose();
        using var joined = await bench.SendAsync(HttpMethod.Post, "/ask/stream", next, ("Idempotency-Key", "k"));
        Assert.Equal(asked, Asked.Of(joined, ""));
        Assert.Equal("9", joined.Headers.GetValues("x-ratelimit-limit-requests").Single());
        Assert.Equal("idempotency_key_reused", await CodeAsync(bench, next.Replace("and", "or", StringComparison.Ordinal), "k"));
        Assert.Equal("answer_running", await CodeAsync(bench, next, "other"));
        hold.SetResult();
        Assert.Contains("\"type\":\"end\"", await joined.Content.ReadAsStringAsync(Token).Soon(), StringComparison.Ordinal);
        Assert.Equal(2, bench.Host.Script.Calls);
        Assert.Equal(4, (await bench.GetAsync($"/v1/conversations/{first.Conversation}")).GetProperty("messages").GetArrayLength());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Next_ThatEnded_IsJoined_ThoughItsConversationIsGone(bool isDeleted)
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done());
        var first = await bench.AskAsync(New);
        var next = $$"""{"conversation":"{{first.Conversation}}","prompt":"and?"}""";
        var asked = await bench.AskAsync(next, ("Idempotency-Key", "k"));
        await bench.GetAsync($"/v1/conversations/{first.Conversation}");
        await (isDeleted ? bench.JsonAsync(HttpMethod.Delete, $"/v1/conversations/{first.Conversation}", null, 204) : bench.BreakAsync());
        Assert.Equal(asked with { Body = "" }, await bench.AskAsync(next, ("Idempotency-Key", "k")) with { Body = "" });
        Assert.Equal(2, bench.Host.Script.Calls);
    }

    [Fact]
    public async Task Draining_IsSaid_BeforeTheHistoryIsRead()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done(), ("Sluice:Limits:Callers:RequestsPerMinute", "9"));
        var first = await bench.AskAsync(New);
        await bench.GetAsync($"/v1/conversations/{first.Conversation}");
        await bench.BreakAsync();
        await bench.Host.Hub.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        using var refused = await bench.SendAsync(HttpMethod.Post, "/ask/stream", $$"""{"conversation":"{{first.Conversation}}","prompt":"and?"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("server_stopping", await refused.Content.ReadAsStringAsync(Token).Soon(), StringComparison.Ordinal);
        Assert.Equal("9", refused.Headers.GetValues("x-ratelimit-limit-requests").Single());
    }

    [Fact]
    public async Task History_ThatIsTooLong_IsRefused_AndABranchFromBeforeIsNot()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done(), ("Sluice:Limits:MaxRequestBytes", "2048"));
        var prompt = new string('é', 600);
        var first = await bench.AskAsync($$"""{"conversation":"new","prompt":"{{prompt}}"}""");
        var next = $$"""{"conversation":"{{first.Conversation}}","prompt":"{{prompt}}"}""";
        var second = await bench.AskAsync(next);
        Assert.Equal(200, second.Status);
        Assert.Equal("history_too_long", await bench.ErrorAsync(HttpMethod.Post, "/ask/stream", next, 413));
        Assert.Equal("history_too_long", await bench.ErrorAsync(HttpMethod.Post, "/ask/stream", $$"""{"conversation":"{{first.Conversation}}","regenerate":"{{second.Question}}"}""", 413));
        Assert.Equal(2, bench.Host.Script.Calls);
        Assert.Equal(200, (await bench.AskAsync($$"""{"conversation":"{{first.Conversation}}","prompt":"{{prompt}}","parent":"{{first.Answer}}"}""")).Status);
        Assert.Equal(200, (await bench.AskAsync($$"""{"conversation":"{{first.Conversation}}","prompt":"{{prompt}}","parent":"root"}""")).Status);
    }

    private static async Task<string> CodeAsync(ConversationBench bench, string body, string key)
    {
        using var response = await bench.SendAsync(HttpMethod.Post, "/ask/stream", body, ("Idempotency-Key", key));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        return System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync(Token).Soon()).GetProperty("error").GetProperty("code").GetString()!;
    }
}
