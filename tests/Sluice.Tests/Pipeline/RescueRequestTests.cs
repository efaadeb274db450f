using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class RescueRequestTests
{
    [Fact]
    public void Continuing_KeepsEveryFieldAndLowersTheBound()
    {
        using var body = JsonDocument.Parse(Continue("""{"model":"m","stream":true,"max_tokens":10,"x":{"y":[1]},"messages":[{"role":"user","content":"hi"}]}""", "a", "b\\n")!.Body);
        Assert.Equal(8, body.RootElement.GetProperty("max_tokens").GetInt32());
        Assert.Equal("""{"y":[1]}""", body.RootElement.GetProperty("x").GetRawText());
        Assert.Equal("ab\n", body.RootElement.GetProperty("messages")[1].GetProperty("content").GetString());
        Assert.True(body.RootElement.GetProperty("messages")[1].GetProperty("prefix").GetBoolean());
    }

    [Theory]
    [InlineData("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"I"}]}""", "a")]
    [InlineData("""{"model":"m","stream":true,"messages":[]}""", "a")]
    [InlineData("""{"model":"m","stream":true}""", "a")]
    [InlineData("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""", "\\ud83d")]
    [InlineData("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""", "\\ud83da")]
    [InlineData("""{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}""", "a\\ude00")]
    public void Continuing_WhereItCannotBe_IsNull(string body, string shown) => Assert.Null(Continue(body, shown));

    private static ChatRequest? Continue(string body, params string[] shown)
    {
        var answer = new AnswerSoFar(Encoding.UTF8.GetBytes(string.Concat(shown)), default, shown.Length, default);
        return RescueRequest.Continuing(ChatRequest.Parse(Encoding.UTF8.GetBytes(body)), PrefixStyle.Mistral, answer, out _);
    }
}
