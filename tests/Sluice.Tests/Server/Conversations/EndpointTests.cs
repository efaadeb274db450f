using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary><c>/v1/conversations</c> over HTTP.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task List_IsPaged_NewestFirst()
    {
        await using var bench = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", $$"""{"title":"t{{i}}"}""", 201);
        }

        var first = await bench.GetAsync("/v1/conversations?limit=2");
        Assert.Equal(["t4", "t3"], Titles(first));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        var second = await bench.GetAsync($"/v1/conversations?limit=3&after={Id(first.GetProperty("data")[1])}");
        Assert.Equal(["t2", "t1", "t0"], Titles(second));
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.Equal("list", second.GetProperty("object").GetString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("limit=-1")]
    [InlineData("after=x")]
    [InlineData("after=cv_AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("q=a&after=cv_AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task List_WrongQuery_Is400(string query)
    {
        await using var bench = await StartAsync();
        Assert.Equal("invalid_request", await bench.ErrorAsync(HttpMethod.Get, $"/v1/conversations?{query}", null, 400));
    }

    [Theory]
    [InlineData("POST", "", "{")]
    [InlineData("POST", "", "[]")]
    [InlineData("POST", "", """{"title":7}""")]
    [InlineData("POST", "", """{"title":"LONG"}""")]
    [InlineData("POST", "", """{"title":"a","title":"b"}""")]
    [InlineData("POST", "", """{"messages":{}}""")]
    [InlineData("POST", "", """{"messages":["x"]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"tool","content":"x"}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"user"}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"user","content":["x"]}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"user","content":"x","parent":"y"}]}""")]
    [InlineData("POST", "", """{"messages":[{"id":"a","role":"user","content":"x"},{"id":"a","role":"user","content":"x"}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"user","content":"x","created_at":1e300}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"user","content":"x"}],"head":"y"}""")]
    [InlineData("PATCH", "/ID", """{"title":"LONG"}""")]
    [InlineData("PATCH", "/ID", "nothing")]
    [InlineData("GET", "/ID/export", null)]
    [InlineData("GET", "/ID/export?format=pdf", null)]
    public async Task Wrong_Is400(string method, string path, string? body)
    {
        await using var bench = await StartAsync();
        var id = Id(await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", "{}", 201));
        using var response = await bench.SendAsync(new HttpMethod(method), $"/v1/conversations{path.Replace("ID", id, StringComparison.Ordinal)}", body?.Replace("LONG", new string('x', 201), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/export?format=json")]
    public async Task Unknown_Is404(string method, string path)
    {
        await using var bench = await StartAsync();
        foreach (var id in new[] { "cv_AAAAAAAAAAAAAAAAAAAAAA", "x", "cv_%20", "ms_AAAAAAAAAAAAAAAAAAAAAA" })
        {
            Assert.Equal("conversation_not_found", await bench.ErrorAsync(new HttpMethod(method), $"/v1/conversations/{id}{path}", method == "PATCH" ? "{}" : null, 404));
        }
    }

    [Fact]
    public async Task Body_ThatIsTooLarge_Is413()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Done(), ("Sluice:Limits:MaxRequestBytes", "1024"));
        Assert.Equal("request_too_large", await bench.ErrorAsync(HttpMethod.Post, "/v1/conversations", $$"""{"title":"{{new string('x', 2000)}}"}""", 413));
    }

    [Fact]
    public async Task Update_RenamesAndShowsAnotherBranch()
    {
        await using var bench = await StartAsync();
        var asked = await bench.AskAsync("""{"conversation":"new","prompt":"q"}""");
        var path = $"/v1/conversations/{asked.Conversation}";
        Assert.Equal("New name", (await bench.JsonAsync(HttpMethod.Patch, path, """{"title":" New\nname "}""")).GetProperty("title").GetString());
        await bench.AskAsync($$"""{"conversation":"{{asked.Conversation}}","prompt":"other","parent":"root"}""");
        Assert.Equal(asked.Answer, (await bench.JsonAsync(HttpMethod.Patch, path, $$"""{"head":"{{asked.Answer}}"}""")).GetProperty("head").GetString());
        Assert.Equal("New name", (await bench.GetAsync(path)).GetProperty("title").GetString());
        Assert.Equal("message_not_found", await bench.ErrorAsync(HttpMethod.Patch, path, """{"head":"ms_AAAAAAAAAAAAAAAAAAAAAA"}""", 404));
        Assert.Equal("message_not_found", await bench.ErrorAsync(HttpMethod.Patch, path, """{"head":"x"}""", 404));
    }

    [Theory]
    [InlineData("POST", "", """{"messages":[{"role":"assistant","content":"x","usage":{"a":"BROKEN"}}]}""")]
    [InlineData("POST", "", """{"messages":[{"role":"assistant","content":"x","tool_calls":["BROKEN"]}]}""")]
    [InlineData("POST", "", """{"title":"BROKEN"}""")]
    [InlineData("PATCH", "/ID", """{"title":"BROKEN"}""")]
    [InlineData("PATCH", "/ID", """{"other":"BROKEN"}""")]
    public async Task InvalidUtf8_IsNoJson(string method, string path, string body)
    {
        await using var bench = await StartAsync();
        var id = Id(await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", "{}", 201));
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/conversations{path.Replace("ID", id, StringComparison.Ordinal)}");
        request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body.Replace("BROKEN", "\u00ff", StringComparison.Ordinal)));
        request.Content.Headers.ContentType = new("application/json");
        using var response = await bench.Host.Client.SendAsync(request, TestContext.Current.CancellationToken).Soon();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("invalid_json", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_CancelsWhatRuns()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Hang());
        var (asked, response) = await bench.BeginAsync("""{"conversation":"new","prompt":"q"}""");
        await bench.Host.Script.Asked.Soon();
        await bench.JsonAsync(HttpMethod.Delete, $"/v1/conversations/{asked.Conversation}", null, 204);
        await bench.Host.Script.Cancelled.Soon();
        Assert.Equal("cancelled", EventText.Types(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon())[^1]);
        response.Dispose();
        await bench.GetAsync($"/v1/conversations/{asked.Conversation}", 404);
        Assert.Empty(Titles(await bench.GetAsync("/v1/conversations?q=q")));
    }

    [Fact]
    public async Task DeleteAll_ForgetsAll()
    {
        await using var bench = await StartAsync();
        await bench.AskAsync("""{"conversation":"new","prompt":"q"}""");
        await bench.JsonAsync(HttpMethod.Delete, "/v1/conversations", null, 204);
        Assert.Empty(Titles(await bench.GetAsync("/v1/conversations")));
    }

    [Fact]
    public async Task Export_GoesBackInAsItWas()
    {
        await using var bench = await StartAsync();
        var asked = await bench.AskAsync("""{"conversation":"new","prompt":"What is “SSE” / 事件?"}""");
        await bench.AskAsync($$"""{"conversation":"{{asked.Conversation}}","regenerate":"{{asked.Question}}"}""");
        await bench.AskAsync($$"""{"conversation":"{{asked.Conversation}}","prompt":"b","parent":"root"}""");
        using var response = await bench.SendAsync(HttpMethod.Get, $"/v1/conversations/{asked.Conversation}/export?format=json");
        Assert.Equal(
            "attachment; filename=\"conversation.json\"; filename*=UTF-8''What-is-SSE-%E4%BA%8B%E4%BB%B6.json", response.Content.Headers.GetValues("Content-Disposition").Single());
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var copy = await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", text, 201);
        var original = JsonElement.Parse(text);
        Assert.NotEqual(asked.Conversation, Id(copy));
        Assert.Equal(Shape(original), Shape(copy));
    }

    [Fact]
    public async Task Export_AsMarkdown_IsTheBranchThatIsShown()
    {
        await using var bench = await StartAsync();
        var made = await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", """
            {"title":"T","messages":[{"id":"1","role":"user","content":"q"},{"id":"2","role":"assistant","content":"a","model":"m","state":"cancelled"},{"id":"3","parent":null,"role":"user","content":"other"}],"head":"2"}
            """, 201);
        using var response = await bench.SendAsync(HttpMethod.Get, $"/v1/conversations/{Id(made)}/export?format=markdown");
        Assert.Equal("# T\n\n## Question\n\nq\n\n## Answer (m)\n\na\n\n*(not whole: cancelled)*\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Import_WithoutNames_IsALine()
    {
        await using var bench = await StartAsync();
        var made = await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""", 201);
        Assert.Equal("q", made.GetProperty("title").GetString());
        Assert.Equal([-1, 0, 1], Parents(made));
        await bench.AskAsync($$"""{"conversation":"{{Id(made)}}","prompt":"next"}""");
        Assert.Equal(
            """{"stream":true,"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":"next"}]}""",
            System.Text.Encoding.UTF8.GetString(bench.Host.Script.Request!.Body.Span));
    }

    [Fact]
    public async Task Made_WithoutATitle_IsCalledAsItsFirstQuestion()
    {
        await using var bench = await StartAsync();
        var id = Id(await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", null, 201));
        await bench.AskAsync($$"""{"conversation":"{{id}}","prompt":"  a long question about\tmany things, which goes on and on and does not come to an end soon"}""");
        Assert.Equal("a long question about many things, which goes on and on…", (await bench.GetAsync($"/v1/conversations/{id}")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Search_FindsTitlesAndMessages_AndShowsWhere()
    {
        await using var bench = await StartAsync();
        var asked = await bench.AskAsync("""{"conversation":"new","prompt":"中文的数据库怎么用?"}""");
        var titled = Id(await bench.JsonAsync(HttpMethod.Post, "/v1/conversations", """{"title":"Ünïcode"}""", 201));
        var hit = Assert.Single((await bench.GetAsync($"/v1/conversations?q={Uri.EscapeDataString("数据")}")).GetProperty("data").EnumerateArray());
        Assert.Equal(asked.Conversation, Id(hit));
        Assert.Equal(asked.Question, hit.GetProperty("message").GetString());
        Assert.Contains("数据", hit.GetProperty("snippet").GetString(), StringComparison.Ordinal);
        var named = Assert.Single((await bench.GetAsync("/v1/conversations?q=UNI")).GetProperty("data").EnumerateArray());
        Assert.Equal(titled, Id(named));
        Assert.Null(named.GetProperty("message").GetString());
        Assert.Equal("Ünïcode", named.GetProperty("snippet").GetString());
    }

    private static Task<ConversationBench> StartAsync() => ConversationBench.StartAsync(new Script().Text("A").Finish().Usage().Done());

    private static string Id(JsonElement element) => element.GetProperty("id").GetString()!;

    private static IEnumerable<string?> Titles(JsonElement list) => list.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("title").GetString());

    // What stays the same under other names: texts, places in the tree, and every field.
    private static string Shape(JsonElement conversation)
    {
        var messages = conversation.GetProperty("messages").EnumerateArray().ToList();
        var fields = messages.Select(message => string.Join(',', message.EnumerateObject().Where(field => field.Name is not ("id" or "parent" or "stream_id")).Select(field => field.ToString())));
        return $"{conversation.GetProperty("title")} {Place(conversation, "head")}: {string.Join(' ', Parents(conversation))}\n{string.Join('\n', fields)}";

        int Place(JsonElement element, string name) => messages.FindIndex(message => Id(message) == element.GetProperty(name).GetString());
    }

    private static IEnumerable<int> Parents(JsonElement conversation)
    {
        var messages = conversation.GetProperty("messages").EnumerateArray().ToList();
        return messages.Select(message => messages.FindIndex(other => Id(other) == message.GetProperty("parent").GetString()));
    }
}
