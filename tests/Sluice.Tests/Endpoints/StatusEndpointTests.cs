using System.Net;
using System.Text.Json;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

public sealed class StatusEndpointTests
{
    [Fact]
    public async Task Get_ShowsEachTargetAndNoSecret()
    {
        await using var host = await SluiceHost.StartAsync(
            new Script().Text("a").Finish().Done(),
            ("Sluice:Providers:far:BaseUrl", "http://127.0.0.1:1/v1"),
            ("Sluice:Providers:far:ApiKey", "canary-key"),
            ("Sluice:Models:chat:Targets:0:Provider", "scripted"),
            ("Sluice:Models:chat:Targets:0:MaxConcurrency", "5"),
            ("Sluice:Models:chat:Targets:1:Provider", "far"),
            ("Sluice:Models:chat:Targets:1:Model", "x"));
        await host.Client.GetStringAsync("/ask/stream?prompt=a&model=chat", TestContext.Current.CancellationToken);
        await Within.UntilAsync(() => host.Hub.Active == 0);
        var response = await host.Client.GetAsync("/statusz", TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        var targets = json.RootElement.GetProperty("targets").EnumerateArray().Select(target => target.GetRawText()).ToList();
        Assert.StartsWith("""{"model":"chat","provider":"scripted","target_model":null,"circuit":"closed","active":0,"max_active":5,"ttft_ms":0,"succeeded":1,"failed":0}""", targets[0], StringComparison.Ordinal);
        Assert.Contains(targets, target => target.StartsWith("""{"model":"far","provider":"far","target_model":null,"circuit":"off",""", StringComparison.Ordinal));
        Assert.Equal("""{"model":"chat","provider":"far","target_model":"x","circuit":"closed","active":0,"max_active":null,"ttft_ms":null,"succeeded":0,"failed":0}""", targets[1]);
    }

    [Fact]
    public async Task Fallback_EveryTargetIsDown_IsSaidInBothDialectsAndNativeViewersAreTold()
    {
        await using var host = await SluiceHost.StartAsync(
            new Script().Fail(new Sluice.Chat.ChatProviderException(Sluice.Chat.ChatErrorKind.Upstream, "no")),
            ("Sluice:Retry:Retries", "0"),
            ("Sluice:Models:chat:Fallback", "back \"soon\""),
            ("Sluice:Models:chat:Targets:0:Provider", "scripted"));
        var native = await host.Client.GetStringAsync("/ask/stream?prompt=a&model=chat", TestContext.Current.CancellationToken);
        Assert.Contains("""{"type":"end","answer":"back \"soon\"","finish_reason":"stop","usage":null,"model":"fallback",""", native, StringComparison.Ordinal);
        Assert.Contains("\"attempts\":2}", native, StringComparison.Ordinal);
        var whole = await host.Client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"chat","messages":[]}"""), TestContext.Current.CancellationToken);
        Assert.Contains("""{"role":"assistant","content":"back \"soon\""}""", await whole.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
