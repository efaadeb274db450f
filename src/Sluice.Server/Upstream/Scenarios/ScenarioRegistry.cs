using System.Collections.Frozen;
using Sluice.Server.Upstream.Answers;
using Sluice.Server.Upstream.Faults;
using Sluice.Server.Upstream.Framing;

namespace Sluice.Server.Upstream.Scenarios;

/// <summary>Every scenario by name, in the order in which `upstream --list` shows them.</summary>
internal static class ScenarioRegistry
{
    private static readonly StatusScenario TooMany = new(429, """{"error":{"message":"Rate limit reached for requests","type":"requests","param":null,"code":"rate_limit_exceeded"}}""") { Header = ("Retry-After", "1") };
    private static readonly StatusScenario Failed = StatusScenario.Error(500, "The server had an error while processing your request", "server_error", null);
    private static readonly StatusScenario Overloaded = StatusScenario.Error(503, "The engine is currently overloaded, please try again later", "server_error", "overloaded");
    private static readonly StatusScenario TooLong = StatusScenario.Error(400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", "invalid_request_error", "context_length_exceeded", "messages");
    private static readonly StatusScenario Refused = StatusScenario.Error(400, "The response was filtered due to the prompt triggering the content management policy.", "invalid_request_error", "content_filter", "prompt");
    private static readonly RefuseScenario Refuse = new();
    private static readonly SilenceScenario Hang = new(headers: false);
    private static readonly AnswerScenario Cut = new() { Fault = new CutFault(CutKind.Reset) };
    private static readonly AnswerScenario Stall = new() { Fault = new StallFault() };
    private static readonly AnswerScenario Malformed = new() { Fault = new FrameFault(WireSamples.Malformed) };
    private static readonly AnswerScenario NoDone = new() { NoDone = true };
    private static readonly AnswerScenario SlowFirst = new() { FirstToken = TimeSpan.FromSeconds(20) };
    private static readonly StatusScenario RejectPrefill = new(400, """{"error":{"message":"Prefilling assistant messages is not supported for this model.","type":"invalid_request_error","param":"messages","code":"prefill_unsupported"}}""") { PrefillOnly = true };

    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<ScenarioEntry> All { get; } =
    [
        new("ok", "a whole, correct answer", AnswerScenario.Plain),
        new("tools", "two tool calls with split arguments, if the request offers tools", new AnswerScenario { Style = AnswerStyle.Tools }),
        new("reasoning", "reasoning_content first, then the answer", new AnswerScenario { Style = AnswerStyle.Reasoning }),
        new("bella-merged", "reasoning repeated inside content between ```sh fences", new AnswerScenario { Style = AnswerStyle.MergedReasoning }),
        new("slow-first", "the first token after 20 s (or --first-token)", SlowFirst),
        new("refuse", "connection reset before any byte", Refuse),
        new("hang", "accepted, never answered", Hang),
        new("headers-then-hang", "200 and headers, then nothing", new SilenceScenario(headers: true)),
        new("429", "429 with Retry-After: 1", TooMany),
        new("429-qps", "Bella 429, too many requests a second, Retry-After: 1", StatusScenario.Bella429("当前请求的QPS 超过限制，请稍后重试", retryAfter: 1)),
        new("429-load", "Bella 429, the channel is loaded", StatusScenario.Bella429("渠道当前负载过高，请稍后重试")),
        new("429-trial", "Bella 429, the trial quota is used up for now", StatusScenario.Bella429("当前使用试用额度，请求过于频繁，请稍后重试")),
        new("429-budget", "Bella 429, the month's budget is spent: no retry helps", StatusScenario.Bella429("已达每月额度上限")),
        new("500", "500, server error", Failed),
        new("503", "503, overloaded", Overloaded),
        new("auth", "401, wrong key", StatusScenario.Error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")),
        new("context-length", "400, the prompt is too long", TooLong),
        new("content-filter", "400, the prompt was refused", Refused),
        new("content-filter-stream", "the whole text, then finish_reason content_filter", new AnswerScenario { Style = AnswerStyle.Filtered }),
        new("reject-prefill", "400 if the last message is the assistant's, else a correct answer", RejectPrefill),
        new("redirect", "307 to another host", new StatusScenario(307, "", "text/plain") { Header = ("Location", "http://127.0.0.1:9/elsewhere") }),
        new("json-error-200", "200 with an error object as application/json", new StatusScenario(200, """{"error":{"message":"upstream failed","type":"server_error","param":null,"code":"internal_error"}}""")),
        new("html-200", "200 with a web page, as a proxy's login sends", new StatusScenario(200, "<!doctype html><title>Sign in</title><p>Please sign in.</p>", "text/html; charset=utf-8")),
        new("wrong-content-type", "a correct stream called text/plain", new AnswerScenario { ContentType = "text/plain; charset=utf-8" }),
        new("stall", "goes silent after --at tokens, connection open", Stall),
        new("cut", "TCP reset after --at tokens", Cut),
        new("cut-fin", "TCP close after --at tokens, without the last HTTP chunk", new AnswerScenario { Fault = new CutFault(CutKind.MidBody) }),
        new("cut-clean", "the body ends in order after --at tokens, without finish_reason", new AnswerScenario { Fault = new CutFault(CutKind.Clean) }),
        new("error-chunk", "an OpenAI error object in the stream after --at tokens", new AnswerScenario { Fault = new FrameFault(WireSamples.ErrorChunk, goesOn: false) }),
        new("bella-error", "a Bella error chunk after --at tokens, then a stray JSON body", new AnswerScenario { Fault = new FrameFault(WireSamples.BellaError, goesOn: false) }),
        new("malformed", "one broken chunk more after --at tokens, then fine", Malformed),
        new("invalid-utf8", "one chunk more with invalid UTF-8 after --at tokens, then fine", new AnswerScenario { Fault = new FrameFault(WireSamples.InvalidUtf8) }),
        new("empty-data", "events without data after --at tokens, then fine", new AnswerScenario { Fault = new FrameFault(WireSamples.EmptyData) }),
        new("odd-pings", "keep-alives as odd events after --at tokens, then fine", new AnswerScenario { Fault = new FrameFault(WireSamples.OddPings) }),
        new("comments", "SSE comments while the first token takes a second (or --first-token)", new AnswerScenario { Comments = true, FirstToken = TimeSpan.FromSeconds(1) }),
        new("no-done", "a whole answer without [DONE]", NoDone),
        new("crlf", "line ends are CR LF", new AnswerScenario { Framing = LineFraming.CrLf }),
        new("one-byte", "every byte in a flush of its own", new AnswerScenario { Framing = OneByteFraming.Instance }),
        new("gzip", "compressed although nobody asked", new AnswerScenario { Gzip = true }),
        new("huge-line", "a line of 768 MiB without an end", new HugeLineScenario()),
        new("s01", "429 with Retry-After once, then fine", TooMany, FailFirst: 1),
        new("s02", "429 for ever", TooMany),
        new("s03", "500 once, then fine", Failed, FailFirst: 1),
        new("s04", "503 for ever", Overloaded),
        new("s05", "= refuse", Refuse),
        new("s06", "= hang", Hang),
        new("s07", "= slow-first", SlowFirst),
        new("s08", "= cut", Cut),
        new("s09", "= stall", Stall),
        new("s10", "= malformed", Malformed),
        new("s11", "= no-done", NoDone),
        new("s12", "= context-length", TooLong),
        new("s13", "= content-filter", Refused),
        new("s14", "= reject-prefill (for the fallback; the first target is cut)", RejectPrefill),
        new("s15", "500 for 10 s, fine for 10 s, and so on; fine after 60 s", Failed) { Flapping = new Flapping(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)) },
        new("s16", "500 once, then fine: what is billed, where, how often", Failed, FailFirst: 1),
        new("random", "some requests (--percent) refused, 429, 500, stalled, cut or malformed, the same for each --seed", AnswerScenario.Plain) { Draw = ["refuse", "429", "500", "stall", "cut", "malformed"] },
    ];

    private static readonly FrozenDictionary<string, ScenarioEntry> ByName = All.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>The scenario of that name, or null.</summary>
    public static ScenarioEntry? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>One line per scenario.</summary>
    public static string Listing()
    {
        var width = All.Max(e => e.Name.Length);
        return string.Join('\n', All.Select(e => $"  {e.Name.PadRight(width)}  {e.Description}"));
    }
}
