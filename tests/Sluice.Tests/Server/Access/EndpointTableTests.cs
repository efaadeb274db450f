using System.Net;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Access;
using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

/// <summary>Who gets which answer where. An endpoint without a row fails; so does a row without an endpoint.</summary>
public sealed class EndpointTableTests
{
    private const int Redirected = 303;

    // No credential, one that is no key, an expired key, a revoked key, another owner's, the owner's viewer, an administrator with the owner's streams.
    private static readonly string[] Who = ["none", "bad", "expired", "revoked", "other", "viewer", "admin"];

    private static readonly int[] Administrators = [401, 401, 401, 401, 403, 403, 200];

    private static readonly int[] Readers = [401, 401, 401, 401, 200, 200, 200];

    private static readonly Dictionary<string, int[]> Rows = new(StringComparer.Ordinal)
    {
        ["GET /"] = Readers,
        ["GET /ask/stream"] = [401, 401, 401, 401, 200, 403, 200],
        ["POST /ask/stream"] = [401, 401, 401, 401, 200, 403, 200],
        ["POST /v1/chat/completions"] = [401, 401, 401, 401, 200, 403, 200],
        ["GET /v1/streams/{id}"] = [401, 401, 401, 401, 404, 200, 200],
        ["GET /v1/streams/{id}/events"] = [401, 401, 401, 401, 404, 200, 200],
        ["POST /v1/streams/{id}/cancel"] = [401, 401, 401, 401, 404, 403, 200],
        ["POST /v1/streams/{id}/capability"] = [401, 401, 401, 401, 404, 200, 200],
        ["GET /v1/conversations"] = [401, 401, 401, 401, 200, 403, 200],
        ["POST /v1/conversations"] = [401, 401, 401, 401, 201, 403, 201],
        ["GET /v1/conversations/{id}"] = [401, 401, 401, 401, 404, 403, 200],
        ["PATCH /v1/conversations/{id}"] = [401, 401, 401, 401, 404, 403, 200],
        ["GET /v1/conversations/{id}/export"] = [401, 401, 401, 401, 404, 403, 200],

        // Behind everything that looks at it, and for its owner last.
        ["DELETE /v1/conversations/{id}"] = [401, 401, 401, 401, 404, 403, 204],
        ["DELETE /v1/conversations"] = [401, 401, 401, 401, 204, 403, 204],
        ["GET /v1/models"] = [401, 401, 401, 401, 200, 200, 200],
        ["GET /v1/models/{**id}"] = [401, 401, 401, 401, 200, 200, 200],
        ["GET /openapi/v1.json"] = Readers,
        ["GET /reference"] = [401, 401, 401, 401, Redirected, Redirected, Redirected],
        ["GET /reference/{documentName?}"] = [401, 401, 401, 401, Redirected, Redirected, Redirected],
        ["GET /reference/favicon.svg"] = [200, 200, 200, 200, 200, 200, 200],
        ["GET /reference/scalar.js"] = [200, 200, 200, 200, 200, 200, 200],
        ["GET /reference/scalar.aspnetcore.js"] = [200, 200, 200, 200, 200, 200, 200],
        ["GET /statusz"] = Administrators,
        ["GET /status"] = Administrators,
        ["GET /status/events"] = Administrators,
        ["GET /metrics"] = Administrators,
        ["GET /healthz"] = [200, 200, 200, 200, 200, 200, 200],
        ["GET /readyz"] = [200, 200, 200, 200, 200, 200, 200],
        ["GET /login"] = [200, 200, 200, 200, 200, 200, 200],
        ["POST /login"] = [401, 401, 401, 401, 401, 401, 401],
        ["GET /assets/{file}"] = [200, 200, 200, 200, 200, 200, 200],
        ["POST /logout"] = [401, 401, 401, 401, Redirected, Redirected, Redirected],
        ["GET /licenses.md"] = [200, 200, 200, 200, 200, 200, 200],
        ["GET /favicon.svg"] = [200, 200, 200, 200, 200, 200, 200],
    };

    [Fact]
    public async Task EveryEndpoint_AnswersEveryoneAsTheTableSays()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Completion("{}").Text("a").Finish().Done(), ("Sluice:DefaultModel", "scripted"), ("Sluice:Metrics:Prometheus", "true"));
        var endpoints = bench.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(Names).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Rows.Keys.Order(StringComparer.Ordinal), endpoints.Where(name => !name.StartsWith("HEAD ", StringComparison.Ordinal)));

        var owner = bench.Make("owner");
        var shares = bench.Keys["owner"].Id;
        var keys = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["none"] = null,
            ["bad"] = ApiKeyText.New(),
            ["expired"] = bench.Make("expired", record => record with { Owner = shares, Expires = record.Created }),
            ["revoked"] = bench.Make("revoked", record => record with { Owner = shares, Revoked = record.Created }),
            ["other"] = bench.Make("other"),
            ["viewer"] = bench.Make("viewer", record => record with { Owner = shares, Role = Role.Viewer }),
            ["admin"] = bench.Make("admin", record => record with { Owner = shares, Role = Role.Admin }),
        };
        var id = await bench.AskAsync(owner);
        using var made = await bench.SendAsync(HttpMethod.Post, "/v1/conversations", owner, "{}");
        var conversation = made.Headers.Location!.ToString().Split('/')[^1];
        await Within.UntilAsync(() => bench.Host.Hub.Active == 0);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = bench.Host.Client.BaseAddress };
        foreach (var (name, expected) in Rows)
        {
            var (method, pattern) = (name.Split(' ')[0], name.Split(' ')[1]);
            var path = pattern.Replace("{**id}", "scripted", StringComparison.Ordinal).Replace("{id}", pattern.Contains("conversations", StringComparison.Ordinal) ? conversation : id, StringComparison.Ordinal)
                    .Replace("{documentName?}", "v1", StringComparison.Ordinal).Replace("{file}", WebFile.Assets.First(), StringComparison.Ordinal)
                + (name == "GET /ask/stream" ? "?prompt=q" : pattern.EndsWith("export", StringComparison.Ordinal) ? "?format=json" : "");
            for (var i = 0; i < Who.Length; i++)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.Add("Accept", "application/json");
                if (keys[Who[i]] is { } key)
                {
                    request.Headers.Add("x-api-key", key);
                }

                if (method is "POST" or "PATCH")
                {
                    request.Content = new StringContent("""{"prompt":"q"}""", System.Text.Encoding.UTF8, "application/json");
                }

                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                Assert.True((HttpStatusCode)expected[i] == response.StatusCode, $"{name} for {Who[i]}: {(int)response.StatusCode}, not {expected[i]}.");
            }
        }
    }

    [Fact]
    public async Task Endpoint_InNoList_IsTheAdministratorsAlone()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Finish().Done());
        Assert.All(Rows.Keys.Select(name => name.Split(' ')[1]), pattern => Assert.True(
            AccessRules.IsAnonymous(pattern) || AccessRules.PolicyOf(pattern) is not null || Rows[$"GET {pattern}"] == Administrators, $"{pattern} is in no list."));
        Assert.Null(AccessRules.PolicyOf("/something/new"));
        Assert.Null(AccessRules.PolicyOf("/new.js"));
        Assert.False(AccessRules.IsAnonymous("/something/new"));
    }

    private static IEnumerable<string> Names(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [HttpMethod.Get.Method]).Select(method => $"{method} {endpoint.RoutePattern.RawText}");
}
