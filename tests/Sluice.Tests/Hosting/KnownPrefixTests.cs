using Sluice.Hosting;

namespace Sluice.Tests.Hosting;

/// <summary>Which providers are taken to continue a text.</summary>
public sealed class KnownPrefixTests
{
    [Theory]
    [InlineData("openai", null, null, "None")]
    [InlineData("openai", "https://api.openai.com/v1", null, "None")]
    [InlineData("openai", "https://api.mistral.ai/v1", null, "Mistral")]
    [InlineData("openai", "https://api.deepseek.com/v1", null, "None")]
    [InlineData("openai", "https://api.deepseek.com/beta", null, "DeepSeek")]
    [InlineData("openai", "https://api.mistral.ai/v1", "none", "None")]
    [InlineData("openai", "http://127.0.0.1:8000/v1", "VLLM", "Vllm")]
    [InlineData("bella", "https://api.mistral.ai/v1", null, "None")]
    [InlineData("bella", "https://bella.example.com/v1", "deepseek", "DeepSeek")]
    public void Of_TypeAddressAndSetting_IsTheKnownOne(string type, string? url, string? prefix, string expected) =>
        Assert.Equal(expected, KnownPrefix.Of(new ProviderOptions { Type = type, BaseUrl = url, Rescue = new() { Prefix = prefix } }).ToString());

    [Fact]
    public void Check_UnknownWord_IsAnErrorWithItsFix()
    {
        var options = new SluiceOptions();
        options.Providers["a"] = new ProviderOptions { Rescue = new() { Prefix = "openai" } };
        Assert.Equal("Sluice:Providers:a:Rescue:Prefix must be one of none, deepseek, mistral, vllm, not `openai`.", Assert.Single(SluiceOptionsCheck.Check(options, [])));
    }
}
