using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

public sealed class ChatProviderExceptionTests
{
    [Theory]
    [InlineData(ChatErrorKind.Connect, 502, "upstream_unreachable", "upstream_error", true)]
    [InlineData(ChatErrorKind.ConnectTimeout, 504, "upstream_connect_timeout", "upstream_error", true)]
    [InlineData(ChatErrorKind.HeadersTimeout, 504, "upstream_headers_timeout", "upstream_error", true)]
    [InlineData(ChatErrorKind.FirstTokenTimeout, 504, "upstream_first_token_timeout", "upstream_error", true)]
    [InlineData(ChatErrorKind.IdleTimeout, 504, "upstream_idle_timeout", "upstream_error", true)]
    [InlineData(ChatErrorKind.CompletionTimeout, 504, "upstream_timeout", "upstream_error", true)]
    [InlineData(ChatErrorKind.RateLimited, 429, "rate_limited", "rate_limit_error", true)]
    [InlineData(ChatErrorKind.BudgetExhausted, 429, "budget_exhausted", "insufficient_quota", false)]
    [InlineData(ChatErrorKind.Unauthorized, 502, "upstream_unauthorized", "upstream_error", false)]
    [InlineData(ChatErrorKind.InvalidRequest, 400, "invalid_request", "invalid_request_error", false)]
    [InlineData(ChatErrorKind.ModelNotFound, 404, "model_not_found", "invalid_request_error", false)]
    [InlineData(ChatErrorKind.Upstream, 502, "upstream_error", "upstream_error", true)]
    [InlineData(ChatErrorKind.Truncated, 502, "upstream_truncated", "upstream_error", true)]
    [InlineData(ChatErrorKind.Malformed, 502, "upstream_malformed", "upstream_error", true)]
    [InlineData(ChatErrorKind.TooLarge, 502, "upstream_event_too_large", "upstream_error", true)]
    [InlineData(ChatErrorKind.Redirect, 502, "upstream_redirect", "upstream_error", true)]
    [InlineData(ChatErrorKind.WrongContentType, 502, "upstream_wrong_content_type", "upstream_error", true)]
    [InlineData(ChatErrorKind.Unavailable, 503, "no_target_available", "server_error", true)]
    [InlineData(ChatErrorKind.UnexpectedResponse, 502, "upstream_unexpected_response", "upstream_error", true)]
    [InlineData(ChatErrorKind.Stopping, 503, "server_stopping", "server_error", true)]
    [InlineData(ChatErrorKind.KeyRevoked, 401, "key_revoked", "authentication_error", false)]
    [InlineData(ChatErrorKind.KeyExpired, 401, "key_expired", "authentication_error", false)]
    [InlineData(ChatErrorKind.Internal, 500, "internal_error", "server_error", false)]
    public void Kind_DecidesStatusCodeTypeAndRetry(ChatErrorKind kind, int status, string code, string type, bool isRetryable)
    {
        var error = new ChatProviderException(kind, "m");
        Assert.Equal((status, code, type, isRetryable), (error.Status, error.Code, error.Type, error.IsRetryable));
    }

    [Fact]
    public void Kind_EveryOne_HasACodeOfItsOwn()
    {
        string[] codes = [.. Enum.GetValues<ChatErrorKind>().Select(kind => new ChatProviderException(kind, "m").Code)];
        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(ChatErrorKind.InvalidRequest, 413, 413)]
    [InlineData(ChatErrorKind.InvalidRequest, 422, 422)]
    [InlineData(ChatErrorKind.InvalidRequest, 400, 400)]
    [InlineData(ChatErrorKind.Upstream, 503, 503)]
    [InlineData(ChatErrorKind.Upstream, 500, 502)]
    [InlineData(ChatErrorKind.Unauthorized, 401, 502)]
    public void Status_TakesTheUpstreamsWhereItIsTheClientsToo(ChatErrorKind kind, int upstream, int status) =>
        Assert.Equal(status, new ChatProviderException(kind, "m") { UpstreamStatus = upstream }.Status);

    [Fact]
    public void Code_UpstreamsOwn_OnlyForAWrongRequest()
    {
        Assert.Equal("context_length_exceeded", new ChatProviderException(ChatErrorKind.InvalidRequest, "m") { UpstreamCode = "context_length_exceeded" }.Code);
        Assert.Equal("rate_limited", new ChatProviderException(ChatErrorKind.RateLimited, "m") { UpstreamCode = "429" }.Code);
    }

    [Fact]
    public void ErrorJson_IsOpenAisShape()
    {
        var error = new ChatProviderException(ChatErrorKind.InvalidRequest, "太长 \"x\"") { UpstreamCode = "context_length_exceeded", Param = "messages" };
        Assert.Equal(
            """{"error":{"message":"太长 \"x\"","type":"invalid_request_error","code":"context_length_exceeded","param":"messages"}}""",
            ChunkJson.Text(ChatErrorJson.Write(error)));
        using JsonDocument withoutParam = JsonDocument.Parse(ChatErrorJson.Write("m", "t", "c", null).ToArray());
        Assert.Equal(JsonValueKind.Null, withoutParam.RootElement.GetProperty("error").GetProperty("param").ValueKind);
    }

    [Fact]
    public void Timeouts_Over_TakesWhatIsNotSetFromAbove()
    {
        ChatTimeouts timeouts = new ChatTimeouts { Idle = TimeSpan.FromSeconds(7) }.Over(ChatTimeouts.Defaults);
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5)), (timeouts.Idle, timeouts.Connect));
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)), (timeouts.Headers, timeouts.FirstToken, timeouts.NonStreaming));
    }
}
