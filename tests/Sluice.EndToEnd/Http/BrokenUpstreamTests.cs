using System.Net;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>A broken answer is never shown as a whole one.</summary>
public sealed class BrokenUpstreamTests(Gateway gateway)
{
    public static TheoryData<string, string> Broken { get; } = new()
    {
        { "up/sim-60-0-cut-fin", "upstream_truncated" },
        { "up/sim-60-0-cut-clean", "upstream_truncated" },
        { "up/sim-60-0-error-chunk", "upstream_error" },
        { "up/sim-60-5000-cut", "upstream_truncated" },
        { "bella/sim-60-0-cut-fin", "upstream_truncated" },
        { "bella/sim-60-0-cut-clean", "upstream_truncated" },
        { "bella/sim-60-0-bella-error", "rate_limited" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task AskStream_EndsInOneErrorWithThePartialText(string model, string code)
    {
        var answer = await Asking.EventsAsync(Asking.Ask(gateway.Server.Address, model));

        Assert.Equal(["error"], answer.Types.Where(type => type is "end" or "error" or "cancelled"));
        var error = answer.Json[^1];
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEqual("", answer.Text);
        Assert.Equal(answer.Text, error.GetProperty("answer").GetString());
        Assert.False(answer.IsCut);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task OpenAi_EndsInTheErrorFrame_AndUnclean(string model, string code)
    {
        var answer = await Asking.EventsAsync(Asking.OpenAi(gateway.Server.Address, model));

        Assert.Equal(code, answer.Json[^1].GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("[DONE]", answer.Data);
        Assert.True(answer.IsCut);
    }

    [Theory]
    [InlineData("up/sim-60-0-429", HttpStatusCode.TooManyRequests, "rate_limited")]
    [InlineData("bella/sim-60-0-429-budget", HttpStatusCode.TooManyRequests, "budget_exhausted")]
    [InlineData("up/sim-60-0-context-length", HttpStatusCode.BadRequest, "context_length_exceeded")]
    [InlineData("up/sim-60-0-auth", HttpStatusCode.BadGateway, "upstream_unauthorized")]
    [InlineData("up/sim-60-0-500", HttpStatusCode.BadGateway, "upstream_error")]
    [InlineData("up/sim-60-0-503", HttpStatusCode.ServiceUnavailable, "upstream_error")]
    [InlineData("up/sim-60-0-refuse", HttpStatusCode.BadGateway, "upstream_unreachable")]
    [InlineData("up/sim-60-0-redirect", HttpStatusCode.BadGateway, "upstream_redirect")]
    [InlineData("up/sim-60-0-html-200", HttpStatusCode.BadGateway, "upstream_wrong_content_type")]
    public async Task OpenAi_FailureBeforeTheFirstToken_IsAStatus(string model, HttpStatusCode status, string code)
    {
        foreach (var fields in new[] { ",\"stream\":true", "" })
        {
            using var response = await Asking.SendAsync(Asking.OpenAi(gateway.Server.Address, model, fields));
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal(status, response.StatusCode);
            Assert.Contains($"\"code\":\"{code}\"", body, StringComparison.Ordinal);
            Assert.DoesNotContain(Gateway.Key, body, StringComparison.Ordinal);
        }
    }
}
