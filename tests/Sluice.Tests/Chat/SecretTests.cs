using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

public sealed class SecretTests
{
    private const string Canary = "sk-canary-7f3a";

    [Fact]
    public void ToString_AnyFormatting_IsThreeStars()
    {
        var secret = new Secret(Canary);
        Assert.Equal("***", secret.ToString());
        Assert.Equal("key=***", $"key={secret}");
        Assert.Equal("{}", JsonSerializer.Serialize(secret));
        Assert.DoesNotContain(Canary, new InvalidOperationException($"{secret}").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reveal_IsTheSecret() => Assert.Equal(Canary, new Secret(Canary).Reveal());

    [Fact]
    public void Redact_ReplacesEveryOccurrence()
    {
        Assert.Equal("a *** b *** c", new Secret(Canary).Redact($"a {Canary} b {Canary} c"));
        Assert.Equal("text", new Secret("").Redact("text"));
    }
}
