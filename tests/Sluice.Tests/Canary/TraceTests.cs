using System.Diagnostics;

namespace Sluice.Tests.Canary;

public sealed class TraceTests
{
    [Fact]
    public async Task Generation_WithAClientsTrace_IsAPartOfItAndItsCallsPartsOfThat()
    {
        await using var server = await CanaryServer.StartAsync();
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=hi&model=quoting500/m");
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        request.Headers.Add("X-Request-Id", "mine-1");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("mine-1", Assert.Single(response.Headers.GetValues("X-Request-Id")));

        await Support.Within.UntilAsync(() => Spans().Count == 2);
        var generation = Spans().Single(span => span.Kind == ActivityKind.Server);
        var attempt = Spans().Single(span => span.Kind == ActivityKind.Client);
        Assert.Equal(("00f067aa0ba902b7", "chat other", "upstream_error"), (generation.ParentSpanId.ToHexString(), generation.DisplayName, generation.GetTagItem("error.type")));
        Assert.Equal(("mine-1", ActivityStatusCode.Error), (generation.GetTagItem("sluice.request.id"), generation.Status));
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Sluice-Stream-Id")), generation.GetTagItem("sluice.stream.id"));
        Assert.Equal((generation.SpanId, "quoting500", "first"), (attempt.ParentSpanId, attempt.GetTagItem("gen_ai.provider.name"), attempt.GetTagItem("sluice.attempt.reason")));
        Assert.Equal($"00-{trace}-{attempt.SpanId.ToHexString()}-01", Assert.Single(server.Quoting.Traceparents, parent => parent.Contains(trace, StringComparison.Ordinal)));

        List<Activity> Spans() => [.. server.Signs.Spans.Where(span => span.TraceId.ToHexString() == trace)];
    }
}
