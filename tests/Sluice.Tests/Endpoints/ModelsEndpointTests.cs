using Sluice.Tests.Support;
using static Sluice.Tests.Endpoints.AskStreamEndpointTests;

namespace Sluice.Tests.Endpoints;

public sealed class ModelsEndpointTests
{
    private static readonly (string, string?)[] Settings =
    [
        ("Sluice:Models:zeta:Targets:0:Provider", "scripted"),
        ("Sluice:Models:chat:Targets:0:Provider", "scripted"),
        ("Sluice:DefaultModel", "zeta"),
    ];

    [Fact]
    public async Task List_HasTheDefaultFirst()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), Settings);
        var response = await host.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            """{"object":"list","data":[{"id":"zeta","object":"model","created":0,"owned_by":"scripted"},{"id":"chat","object":"model","created":0,"owned_by":"scripted"},{"id":"scripted","object":"model","created":0,"owned_by":"scripted"}]}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("chat", "chat")]
    [InlineData("scripted/a", "scripted/a")]
    [InlineData("scripted/org/model:7b", "scripted/org/model:7b")]
    [InlineData("scripted%2Fa", "scripted/a")]
    [InlineData("scripted%2forg%2Fb", "scripted/org/b")]
    public async Task Get_Known_IsTheModel(string path, string id)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), Settings);
        Assert.Equal(
            $$"""{"id":"{{id}}","object":"model","created":0,"owned_by":"scripted"}""",
            await host.Client.GetStringAsync($"/v1/models/{path}", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("nope/a")]
    [InlineData("scripted/")]
    [InlineData("CHAT")]
    public async Task Get_Unknown_Is404(string id)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), Settings);
        await ErrorIsAsync(await host.Client.GetAsync($"/v1/models/{id}", TestContext.Current.CancellationToken), 404, "model_not_found");
    }
}
