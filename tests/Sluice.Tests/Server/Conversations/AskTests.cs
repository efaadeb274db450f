using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>Questions that belong to a conversation.</summary>
public sealed class AskTests
{
    private const string New = """{"conversation":"new","prompt":"What is SSE?"}""";

    [Fact]
    public async Task New_QuestionAndAnswer_AreKept()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Chunk("""{"choices":[{"delta":{"reasoning_content":"hm"}}]}""").Text("Events").Text(" over \\u4f60\\n").Finish().Usage().Done());
        var asked = await bench.AskAsync(New);
        Assert.Equal(200, asked.Status);
        Assert.False((await bench.GetAsync("/v1/conversations")).GetProperty("data")[0].GetProperty("running").GetBoolean());
        Assert.Equal("""{"stream":true,"messages":[{"role":"user","content":"What is SSE?"}]}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));
        var conversation = await bench.GetAsync($"/v1/conversations/{asked.Conversation}");
        Assert.Equal("What is SSE?", conversation.GetProperty("title").GetString());
        Assert.Equal(asked.Answer, conversation.GetProperty("head").GetString());
        Assert.False(conversation.GetProperty("running").GetBoolean());
        var messages = conversation.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal([asked.Question, asked.Answer], messages.Select(Id));
        Assert.Equal(["What is SSE?", "Events over 你\n"], messages.Select(Content));
        Assert.Equal(JsonValueKind.Null, messages[0].GetProperty("parent").ValueKind);
        Assert.Equal(asked.Question, messages[1].GetProperty("parent").GetString());
        Assert.Equal("done", messages[1].GetProperty("state").GetString());
        Assert.False(messages[1].GetProperty("partial").GetBoolean());
        Assert.Equal("hm", messages[1].GetProperty("reasoning").GetString());
        Assert.Equal("m-1", messages[1].GetProperty("model").GetString());
        Assert.Equal(asked.Stream, messages[1].GetProperty("stream_id").GetString());
        Assert.Equal("stop", messages[1].GetProperty("finish_reason").GetString());
        Assert.Equal(4, messages[1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(1, messages[1].GetProperty("attempts").GetInt32());
        Assert.False(messages[0].TryGetProperty("model", out _));
    }

    [Fact]
    public async Task Next_IsToldWhatWasSaidBefore_AndNothingThatNamesTheConversation()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done());
        var first = await bench.AskAsync(New);
        var next = await bench.AskAsync($$"""{"conversation":"{{first.Conversation}}","prompt":"and?","temperature":0.5}""");
        Assert.Equal(first.Conversation, next.Conversation);
        Assert.Equal(
            """{"stream":true,"messages":[{"role":"user","content":"What is SSE?"},{"role":"assistant","content":"A"},{"role":"user","content":"and?"}],"temperature":0.5}""",
            Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));

        // An edited question is a sibling of the old one.
        var edited = await bench.AskAsync($$"""{"conversation":"{{first.Conversation}}","prompt":"or?","parent":"{{first.Answer}}"}""");
        Assert.EndsWith("""{"role":"assistant","content":"A"},{"role":"user","content":"or?"}]}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span), StringComparison.Ordinal);
        await bench.AskAsync($$"""{"conversation":"{{first.Conversation}}","prompt":"again","parent":"root"}""");
        Assert.Equal("""{"stream":true,"messages":[{"role":"user","content":"again"}]}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));
        var messages = (await bench.GetAsync($"/v1/conversations/{first.Conversation}")).GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal([null, first.Question, first.Answer, next.Question, first.Answer, edited.Question], messages.Take(6).Select(message => message.GetProperty("parent").GetString()));
        Assert.Null(messages[6].GetProperty("parent").GetString());
    }

    [Fact]
    public async Task Regenerate_AnswersAStoredQuestionOnceMore()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done());
        var first = await bench.AskAsync(New);
        var again = await bench.AskAsync($$"""{"conversation":"{{first.Conversation}}","regenerate":"{{first.Question}}"}""");
        Assert.Equal(first.Question, again.Question);
        Assert.NotEqual(first.Answer, again.Answer);
        Assert.Equal("""{"stream":true,"messages":[{"role":"user","content":"What is SSE?"}]}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));
        var conversation = await bench.GetAsync($"/v1/conversations/{first.Conversation}");
        Assert.Equal(again.Answer, conversation.GetProperty("head").GetString());
        Assert.Equal([first.Question, first.Answer, again.Answer], conversation.GetProperty("messages").EnumerateArray().Select(Id));
    }

    [Fact]
    public async Task Get_WithAQuery_IsTheSame()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done());
        using var response = await bench.SendAsync(HttpMethod.Get, "/ask/stream?conversation=new&prompt=hi");
        var asked = Asked.Of(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon());
        using var again = await bench.SendAsync(HttpMethod.Get, $"/ask/stream?conversation={asked.Conversation}&regenerate={asked.Question}&model=scripted");
        await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal("""{"model":"scripted","stream":true,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));
        Assert.Equal(3, (await bench.GetAsync($"/v1/conversations/{asked.Conversation}")).GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Idempotency_JoinsWithTheSameNames_AndStoresNothingTwice()
    {
        var gate = new TaskCompletionSource();
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Wait(gate.Task).Finish().Done());
        var (first, response) = await bench.BeginAsync(New, "k");
        using var joined = await bench.SendAsync(HttpMethod.Post, "/ask/stream", New, ("Idempotency-Key", "k"));
        gate.SetResult();
        var second = Asked.Of(joined, await joined.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon());
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon();
        response.Dispose();
        Assert.Equal(first, second with { Body = "" });
        Assert.Equal(1, bench.Host.Script.Calls);
        Assert.Equal(1, (await bench.GetAsync("/v1/conversations")).GetProperty("data").GetArrayLength());
        Assert.Equal(2, (await bench.GetAsync($"/v1/conversations/{first.Conversation}")).GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Running_IsFollowed_AndKeptWhileItComes()
    {
        var gate = new TaskCompletionSource();
        var script = new Script().Text("A").Text("\\ud83d").Hop().Wait(gate.Task).Text("\\ude00B").Finish().Done();
        await using var bench = await ConversationBench.StartAsync(script);
        var (asked, response) = await bench.BeginAsync(New);
        await bench.UntilAsync(asked.Conversation, message => Content(message) == "A");
        var running = await bench.GetAsync($"/v1/conversations/{asked.Conversation}");
        Assert.True(running.GetProperty("running").GetBoolean());
        var answer = running.GetProperty("messages")[1];
        Assert.Equal("running", answer.GetProperty("state").GetString());
        Assert.Equal(asked.Stream, answer.GetProperty("stream_id").GetString());
        Assert.Equal("answer_running", await bench.ErrorAsync(HttpMethod.Post, "/ask/stream", $$"""{"conversation":"{{asked.Conversation}}","prompt":"x"}""", 409));
        gate.SetResult();
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon();
        response.Dispose();
        Assert.Equal("A😀B", Content((await bench.GetAsync($"/v1/conversations/{asked.Conversation}")).GetProperty("messages")[1]));
    }

    [Fact]
    public async Task Failed_KeepsWhatCame_AndItsReason()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Fail(new ChatProviderException(ChatErrorKind.InvalidRequest, "no")));
        var asked = await bench.AskAsync(New);
        var answer = (await bench.GetAsync($"/v1/conversations/{asked.Conversation}")).GetProperty("messages")[1];
        Assert.Equal("failed", answer.GetProperty("state").GetString());
        Assert.True(answer.GetProperty("partial").GetBoolean());
        Assert.Equal("A", Content(answer));
        Assert.Equal("invalid_request", answer.GetProperty("error").GetProperty("code").GetString());

        // It has text, so the next question follows it.
        await bench.AskAsync($$"""{"conversation":"{{asked.Conversation}}","prompt":"go on"}""");
        Assert.Contains("""{"role":"assistant","content":"A"},{"role":"user","content":"go on"}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_WithoutText_IsNotToldToTheModel()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Fail(new ChatProviderException(ChatErrorKind.InvalidRequest, "no")));
        var asked = await bench.AskAsync(New);
        await bench.AskAsync($$"""{"conversation":"{{asked.Conversation}}","prompt":"go on"}""");
        Assert.Equal("""{"stream":true,"messages":[{"role":"user","content":"What is SSE?"},{"role":"user","content":"go on"}]}""", Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));
    }

    [Fact]
    public async Task Cancelled_IsKeptAsSuch()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Hang());
        var (asked, response) = await bench.BeginAsync(New);
        await bench.Host.Script.Asked.Soon();
        await bench.JsonAsync(HttpMethod.Post, $"/v1/streams/{asked.Stream}/cancel");
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon();
        response.Dispose();
        var answer = (await bench.GetAsync($"/v1/conversations/{asked.Conversation}")).GetProperty("messages")[1];
        Assert.Equal("cancelled", answer.GetProperty("state").GetString());
        Assert.True(answer.GetProperty("partial").GetBoolean());
    }

    [Fact]
    public async Task Store_ThatIsGone_EndsTheStreamInOneError_AndTheModelIsNotAsked()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done());
        await bench.BreakAsync();
        var asked = await bench.AskAsync(New);
        Assert.Equal(["error"], EventText.Types(asked.Body));
        Assert.Contains("\"code\":\"no_target_available\"", asked.Body, StringComparison.Ordinal);
        Assert.Equal(0, bench.Host.Script.Calls);
        Assert.Equal(503, (await bench.AskAsync("""{"conversation":"cv_AAAAAAAAAAAAAAAAAAAAAA","prompt":"q"}""")).Status);
        Assert.Equal("no_target_available", await bench.ErrorAsync(HttpMethod.Get, "/v1/conversations", null, 503));
    }

    [Theory]
    [InlineData("""{"conversation":"cv_AAAAAAAAAAAAAAAAAAAAAA","prompt":"q"}""", 404, "conversation_not_found")]
    [InlineData("""{"conversation":"x","prompt":"q"}""", 404, "conversation_not_found")]
    [InlineData("""{"conversation":"CV","prompt":"q","parent":"x"}""", 404, "message_not_found")]
    [InlineData("""{"conversation":"CV","prompt":"q","parent":"ms_AAAAAAAAAAAAAAAAAAAAAA"}""", 404, "message_not_found")]
    [InlineData("""{"conversation":"CV","regenerate":"ms_AAAAAAAAAAAAAAAAAAAAAA"}""", 404, "message_not_found")]
    [InlineData("""{"conversation":"CV","regenerate":"ANSWER"}""", 400, "invalid_request")]
    [InlineData("""{"conversation":"CV","regenerate":"QUESTION","prompt":"q"}""", 400, "invalid_request")]
    [InlineData("""{"conversation":"CV","regenerate":"QUESTION","parent":"ANSWER"}""", 400, "invalid_request")]
    [InlineData("""{"conversation":"new","regenerate":"QUESTION"}""", 400, "invalid_request")]
    [InlineData("""{"conversation":"new","prompt":"q","parent":"ANSWER"}""", 400, "invalid_request")]
    [InlineData("""{"conversation":"new"}""", 400, "invalid_request")]
    [InlineData("""{"conversation":"new","messages":[{"role":"user","content":"q"}]}""", 400, "invalid_request")]
    [InlineData("""{"conversation":7,"prompt":"q"}""", 400, "invalid_request")]
    [InlineData("""{"parent":"ANSWER","prompt":"q"}""", 400, "invalid_request")]
    [InlineData("""{"regenerate":"QUESTION"}""", 400, "invalid_request")]
    public async Task Wrong_IsSaid(string body, int status, string code)
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Finish().Done());
        var asked = await bench.AskAsync(New);
        body = body.Replace("CV", asked.Conversation, StringComparison.Ordinal).Replace("ANSWER", asked.Answer, StringComparison.Ordinal).Replace("QUESTION", asked.Question, StringComparison.Ordinal);
        Assert.Equal(code, await bench.ErrorAsync(HttpMethod.Post, "/ask/stream", body, status));
        Assert.Equal(1, bench.Host.Script.Calls);
    }

    [Fact]
    public async Task SwitchedOff_IsSaid_AndNothingElseChanges()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("A").Finish().Done());
        using var refused = await host.Client.PostAsync("/ask/stream", new StringContent(New), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)refused.StatusCode);
        using var unknown = await host.Client.GetAsync("/v1/conversations", TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)unknown.StatusCode);
        using var passed = await host.Client.PostAsync("/ask/stream", new StringContent("""{"prompt":"q","parent":"x"}"""), TestContext.Current.CancellationToken);
        Assert.EndsWith("""],"parent":"x"}""", Encoding.UTF8.GetString(host.Script.Request!.Body.Span), StringComparison.Ordinal);
        Assert.False(passed.Headers.Contains("X-Sluice-Answer-Id"));
    }

    private static string? Id(JsonElement message) => message.GetProperty("id").GetString();

    private static string? Content(JsonElement message) => message.GetProperty("content").GetString();
}
