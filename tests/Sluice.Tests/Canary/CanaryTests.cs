using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Sluice.Tests.Canary;

/// <summary>Keys and questions are seen nowhere they do not belong, however upstreams, clients and requests fail.</summary>
public sealed class CanaryTests
{
    private const string Prompt = "canary-question-81f02b";

    private static readonly (string Name, Func<string, HttpRequestMessage> Request)[] Dialects =
    [
        ("GET /ask/stream", static model => new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}&model={model}")),
        ("POST /ask/stream", static model => Post("/ask/stream", $$"""{"prompt":"{{Prompt}}","model":"{{model}}"}""")),
        ("OpenAI, streamed", static model => Post("/v1/chat/completions", $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"{{Prompt}}"}]}""")),
        ("OpenAI, whole", static model => Post("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{Prompt}}"}]}""")),
    ];

    private static readonly HttpRequestMessage[] BadRequests =
    [
        Post("/ask/stream", $$"""{"prompt":"{{Prompt}}" """),
        Post("/ask/stream", $$"""["{{Prompt}}"]"""),
        Post("/ask/stream", $$"""{"prompt":["{{Prompt}}"]}"""),
        Post("/ask/stream", $$"""{"prompt":"{{Prompt}}","prompt":"{{Prompt}}"}"""),
        Post("/ask/stream", $$"""{"prompt":"{{Prompt}}","model":"nobody-has-this"}"""),
        Post("/ask/stream", $$"""{"prompt":"{{Prompt}}","api_key":"{{CanaryServer.Key}}"}"""),
        Post("/v1/chat/completions", $$"""{"messages":[{"role":"user","content":"{{Prompt}}"}],"base_url":"http://127.0.0.1:9"}"""),
        Post("/v1/chat/completions", $$"""{"messages":[{"role":"user","content":"{{Prompt}}"}],"api_base":"{{CanaryServer.Key}}"}"""),
        Post("/v1/chat/completions", $$"""{"messages":"{{Prompt}}" """),
        Post("/v1/chat/completions", $$"""{"model":7,"messages":[{"role":"user","content":"{{Prompt}}"}]}"""),
        Post("/v1/chat/completions", $$"""{"model":"m","stream":"{{Prompt}}"}"""),
        Post("/v1/chat/completions", string.Concat(Enumerable.Repeat("[", 200)) + Prompt),
        Post("/nowhere?prompt=" + Prompt, Prompt),
        Post("/healthz", Prompt),
        new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}&prompt={Prompt}"),
        new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}&on_disconnect=never"),
        new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}&model=nobody-has-this"),
        new(HttpMethod.Get, $"/v1/streams/st_none/events?after={Prompt}"),
        new(HttpMethod.Get, "/v1/streams/st_none"),
        With(new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}"), "Sec-Fetch-Site", "cross-site"),
        With(new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}"), "Last-Event-ID", $"garbage.{CanaryServer.Key}"),
        With(Post("/ask/stream", $$"""{"prompt":"{{Prompt}}"}"""), "Idempotency-Key", new string('k', 300)),
        With(Post("/ask/stream", $$"""{"prompt":"{{Prompt}}"}"""), "X-Sluice-On-Disconnect", "never"),
        With(new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}&model=p-500/m"), "X-Request-Id", $"{Prompt} {CanaryServer.Key}"),
        With(new(HttpMethod.Get, $"/ask/stream?prompt={Prompt}&model=p-500/m"), "traceparent", Prompt),
    ];

    [Fact]
    public async Task KeysAndQuestions_InOverTwoHundredFailingScenarios_AreInNoLogBodyMetricOrTrace()
    {
        await using var server = await CanaryServer.StartAsync();
        var runs = server.Models.SelectMany(model => Dialects.Select(dialect => (Name: $"{dialect.Name} of {model.Model}", model.Quotes, Request: dialect.Request(model.Model), IsBad: false)))
            .Concat(BadRequests.Select(request => (Name: $"{request.Method} {request.RequestUri}", Quotes: false, Request: request, IsBad: true))).ToList();
        Assert.True(runs.Count >= 200, $"Only {runs.Count} scenarios.");
        var bodies = new ConcurrentBag<(string Name, bool Quotes, HttpStatusCode Status, bool IsBad, string Body)>();
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (run, token) =>
            bodies.Add((run.Name, run.Quotes, await AskAsync(server.Client, run.Request, token) is var (status, text) ? status : default, run.IsBad, text)));
        server.Signs.Look();

        Assert.Equal(runs.Count, bodies.Count);
        Assert.All(bodies, body => Assert.False(Has(body.Body, CanaryServer.Key), $"{body.Name} shows the key: {body.Body}"));

        // Who asks may hear his own question again in a native stream, and in an upstream's own words.
        Assert.All(bodies.Where(body => !body.Quotes && (body.IsBad || body.Status != HttpStatusCode.OK) && !body.Body.Contains("\"start\"", StringComparison.Ordinal)),
            body => Assert.False(Has(body.Body, Prompt), $"{body.Name} shows the question: {body.Body}"));

        var log = server.Log.Select(record => $"{record.Message} {record.Exception} {string.Join(' ', record.StructuredState ?? [])} {string.Join(' ', record.Scopes)}").ToList();
        Assert.Contains(log, line => line.Contains("A call of quoting400", StringComparison.Ordinal));
        Assert.Contains(server.Signs.Labels, label => label.StartsWith("sluice.upstream.attempts gen_ai.provider.name=quoting400", StringComparison.Ordinal));
        Assert.Contains(server.Signs.SpanTexts, text => text == "gen_ai.provider.name=quoting400");
        Nowhere(log, "log");
        Nowhere(server.Signs.Labels, "metrics");
        Nowhere(server.Signs.SpanTexts, "traces");
    }

    private static void Nowhere(IEnumerable<string> texts, string where) => Assert.All(texts, text =>
        Assert.False(Has(text, CanaryServer.Key) || Has(text, Prompt), $"The {where} shows it: {text}"));

    private static bool Has(string text, string canary) => text.Contains(canary, StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, HttpRequestMessage request, CancellationToken token)
    {
        var heard = new StringBuilder();
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            heard.Append(response.Headers).AppendLine();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(token), Encoding.UTF8);
            var buffer = new char[4096];
            try
            {
                while (await reader.ReadAsync(buffer, token) is var read and > 0)
                {
                    heard.Append(buffer, 0, read);
                }
            }
            catch (Exception e) when (e is HttpIOException or IOException)
            {
                // A failed stream of OpenAI's dialect is closed so that its client notices. What it said before counts.
                heard.AppendLine().Append("(closed)");
            }

            return (response.StatusCode, heard.ToString());
        }
        catch (HttpRequestException e)
        {
            return (HttpStatusCode.BadGateway, e.Message);
        }
    }

    private static HttpRequestMessage Post(string path, string body) => new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static HttpRequestMessage With(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Add(name, value);
        return request;
    }
}
