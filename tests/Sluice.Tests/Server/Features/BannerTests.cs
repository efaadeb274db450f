using Sluice.Hosting;
using Sluice.Server.Features;

namespace Sluice.Tests.Server.Features;

public sealed class BannerTests
{
    [Fact]
    public void Text_NothingConnected_SaysHowToConnect()
    {
        var text = Banner.Text(["http://[::]:8080"], new SluiceOptions(), "guide");
        Assert.Contains("No model is connected yet", text, StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY", text, StringComparison.Ordinal);
        Assert.Contains("curl -N 'http://127.0.0.1:8080/ask/stream?prompt=hi'        (model: guide)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_Connected_ShowsWhatAndNeverAKey()
    {
        var options = new SluiceOptions();
        options.Providers["b"] = new ProviderOptions { Type = "bella", BaseUrl = "https://h/v1?code=CANARY", ApiKey = "CANARY" };
        options.Models["chat"] = new ModelOptions { Targets = { new TargetOptions { Provider = "b", Model = "x" }, new TargetOptions { Provider = "c" } } };
        var text = Banner.Text(["http://127.0.0.1:5080"], options, "chat");
        Assert.Contains("Connected  b (bella) https://h/v1", text, StringComparison.Ordinal);
        Assert.Contains("Model      chat -> b/x, then c", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", text, StringComparison.Ordinal);
        Assert.DoesNotContain("No model is connected", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_AccessIsOn_ShowsHowToBringAKey()
    {
        var text = Banner.Text(["http://127.0.0.1:5080"], new SluiceOptions(), "guide", needsKey: true);
        Assert.Contains("curl -N -H \"Authorization: Bearer $KEY\" 'http://127.0.0.1:5080/ask/stream?prompt=hi'", text, StringComparison.Ordinal);
        Assert.Contains("sluice keys create --name", text, StringComparison.Ordinal);
    }
}
