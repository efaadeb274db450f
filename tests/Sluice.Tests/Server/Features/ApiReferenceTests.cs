using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Sluice.Tests.Server.Access;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class ApiReferenceTests
{
    // What people look at, and what their pages load.
    private static readonly string[] Pages = ["", "status", "login", "logout", "assets", "favicon.svg", "licenses.md", "openapi", "reference"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Description_IsValid()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var response = await host.Client.GetAsync("/openapi/v1.json", Token);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        var read = OpenApiDocument.Parse(await response.Content.ReadAsStringAsync(Token), "json");
        Assert.NotNull(read.Diagnostic);
        Assert.Empty(read.Diagnostic.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(error => $"{error.Pointer}: {error.Message}"));
    }

    [Fact]
    public async Task Description_NamesEveryEndpoint_AndNoOther()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Done(), ("Sluice:Metrics:Prometheus", "true"));
        var mapped = bench.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !Pages.Contains(endpoint.RoutePattern.RawText!.Split('/')[1], StringComparer.Ordinal))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace("{**id}", "{id}", StringComparison.Ordinal)}"));
        using var document = JsonDocument.Parse(Repository.Read("src/Sluice.Server/Reference/openapi.json"));
        var described = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(mapped.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reference_HasOneAddress()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Client.BaseAddress };
        foreach (var (path, location) in new[] { ("/reference", "reference/"), ("/reference/v1", "./") })
        {
            using var redirected = await client.GetAsync(path, Token);
            Assert.Equal((HttpStatusCode.SeeOther, location), (redirected.StatusCode, redirected.Headers.Location!.ToString()));
        }

        using var page = await client.GetAsync("/reference/", Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("script-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
