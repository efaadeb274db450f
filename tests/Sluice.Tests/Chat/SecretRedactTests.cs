using Sluice.Chat;

namespace Sluice.Tests.Chat;

public sealed class SecretRedactTests
{
    [Theory]
    [InlineData("sk-0123456789", "Bearersk-0123456789, sk-0123456789.", "Bearer***, ***.")]
    [InlineData("k", "8192 tokens, key k, k", "8192 tokens, key ***, ***")]
    [InlineData("ollama", "ollama: no ollamas", "***: no ollamas")]
    [InlineData("x", "x", "***")]
    [InlineData("none", "nothing", "nothing")]
    [InlineData("*", "a * b", "a *** b")]
    [InlineData("", "anything", "anything")]
    public void Redact_TakesTheKeyOut_AndLeavesWordsReadable(string key, string text, string expected) =>
        Assert.Equal(expected, new Secret(key).Redact(text));
}
