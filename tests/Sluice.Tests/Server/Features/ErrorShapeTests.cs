using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Sluice.Endpoints;
using Sluice.Server.Features;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class ErrorShapeTests
{
    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("DELETE", "/ask/stream", 405)]
    [InlineData("GET", "/v1/chat/completions", 405)]
    [InlineData("PUT", "/", 405)]
    public async Task UnknownPathOrMethod_HasTheShape(string method, string path, int status)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await AskStreamEndpointTests.ErrorIsAsync(await host.Client.SendAsync(request, TestContext.Current.CancellationToken), status, "not_found");
    }

    [Fact]
    public async Task Head_UnknownPath_HasNoBody()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nothing");
        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Unhandled_Is500AndLoggedOnceWithoutItsQuery()
    {
        await using var app = await StartAsync(_ => throw new InvalidOperationException("secret detail"));
        using var client = new HttpClient { BaseAddress = Address(app) };
        var response = await client.GetAsync("/x?prompt=CANARY", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await AskStreamEndpointTests.ErrorIsAsync(response, 500, "internal_error");
        var record = Assert.Single(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Level >= LogLevel.Warning);
        Assert.Equal(800, record.Id.Id);
        Assert.DoesNotContain("CANARY", record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unhandled_AfterTheAnswerBegan_IsLoggedAndTheConnectionEndsUnclean()
    {
        await using var app = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("x");
        });
        using var client = new HttpClient { BaseAddress = Address(app) };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/", TestContext.Current.CancellationToken));
        Assert.Equal(800, Assert.Single(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Level >= LogLevel.Warning).Id.Id);
    }

    [Fact]
    public async Task UncleanEnd_IsNoError()
    {
        await using var app = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            throw new UncleanEndException();
        });
        using var client = new HttpClient { BaseAddress = Address(app) };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/", TestContext.Current.CancellationToken));
        Assert.DoesNotContain(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    private static Uri Address(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static async Task<WebApplication> StartAsync(RequestDelegate handler)
    {
        var builder = SlimBuilder.Create();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.UseSluiceKestrel();
        builder.Logging.UseSluiceLogging(builder.Configuration);
        builder.Services.RemoveAll<ILoggerProvider>();
        builder.Logging.AddFakeLogging();
        var app = builder.Build();
        app.UseErrorShape();
        app.Run(handler);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
