using System.Buffers;
using Sluice.Server.Upstream.Answers;
using Sluice.Server.Upstream.Faults;
using Sluice.Server.Upstream.Framing;

namespace Sluice.Server.Upstream.Scenarios;

/// <summary>Answers, with whatever is odd about the answer or goes wrong in the middle of it.</summary>
/// <remarks>
/// 1 headers, 2 comments while the first token is awaited, 3 events on the schedule, the fault after its token,
/// 4 `[DONE]` and the end of the body.
/// </remarks>
internal sealed class AnswerScenario : IScenario
{
    // Without a pace a stream would keep its thread for as long as the socket takes bytes; others shall have their turn.
    private const int TokensPerTurn = 64;

    private static readonly TimeSpan CommentInterval = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();
    private static readonly byte[] Done = "[DONE]"u8.ToArray();

    /// <summary>Nothing odd.</summary>
    public static readonly AnswerScenario Plain = new();

    public AnswerStyle Style { get; init; }

    /// <summary>What goes wrong on the way, if anything.</summary>
    public IMidStreamFault? Fault { get; init; }

    /// <summary>How events are framed; null as the dialect does.</summary>
    public IEventFraming? Framing { get; init; }

    public string ContentType { get; init; } = "text/event-stream; charset=utf-8";

    public bool Gzip { get; init; }

    /// <summary>Comments while the first token is awaited.</summary>
    public bool Comments { get; init; }

    /// <summary>Never a `[DONE]`.</summary>
    public bool NoDone { get; init; }

    /// <summary>Time to the first token when the user does not say.</summary>
    public TimeSpan FirstToken { get; init; }

    public async Task RunAsync(UpstreamCall call)
    {
        var script = Script(call);
        if (!call.Request.Stream)
        {
            await AnswerWholeAsync(call, script);
            return;
        }

        // 1
        if (Framing is not null) call.Framing = Framing;
        await call.OpenStreamAsync(ContentType, Gzip);
        // 2
        var first = call.Plan.FirstToken ?? FirstToken;
        if (Comments) await CommentAsync(call, first);
        // 3
        if (!await PlayAsync(call, script, first)) return;
        // 4
        if (call.Plan.Done && !NoDone) await call.Framing.WriteAsync(call.Output, Done);
        await call.CompleteAsync();
    }

    private AnswerScript Script(UpstreamCall call)
    {
        var bella = call.Plan.Dialect == UpstreamDialect.Bella;
        var style = Style == AnswerStyle.Tools && call.Request.Tool is null ? AnswerStyle.Plain : Style;
        var from = call.Request.Prefill is { } prefill ? ScriptedAnswer.Resume(prefill) ?? default : default;
        return new AnswerScript(style, call.Plan.Tokens, from, usage: bella || call.Request.IncludeUsage, sensitives: bella);
    }

    private static async Task CommentAsync(UpstreamCall call, TimeSpan first)
    {
        for (var next = TimeSpan.Zero; next < first; next += CommentInterval)
        {
            await call.Pacer.UntilAsync(next);
            await call.SendRawAsync(Comment);
        }
    }

    /// <returns>Whether the answer was played to its end.</returns>
    private async Task<bool> PlayAsync(UpstreamCall call, AnswerScript script, TimeSpan first)
    {
        IChunkFormat chunks = call.Plan.Dialect == UpstreamDialect.Bella ? new BellaChunks(call.Head, script) : new OpenAiChunks(call.Head, script);
        var json = new ArrayBufferWriter<byte>(1024);
        var interval = call.Plan.Interval;
        var tokens = 0;
        var fault = Fault;
        for (var position = 0; position < script.Count; position++)
        {
            if (fault is not null && position > 0 && tokens == call.Plan.At)
            {
                if (!await fault.StrikeAsync(call)) return false;
                fault = null;
            }

            var step = script[position];
            if (step.IsToken)
            {
                if (interval > TimeSpan.Zero || tokens == 0) await call.Pacer.UntilAsync(first + interval * tokens);
                else if (tokens % TokensPerTurn == 0) await Task.Yield();
                tokens++;
                call.Stats.TokenSent();
            }

            call.Gone.ThrowIfCancellationRequested();
            json.ResetWrittenCount();
            chunks.Write(step, call.Stamp, json);
            await call.Framing.WriteAsync(call.Output, json.WrittenMemory);
        }

        return true;
    }

    private async Task AnswerWholeAsync(UpstreamCall call, AnswerScript script)
    {
        await call.Pacer.UntilAsync((call.Plan.FirstToken ?? FirstToken) + call.Plan.Interval * script.TokenSteps);
        var body = WholeAnswer.Json(call.Head, script);
        if (Fault is not { StrikesWholeAnswers: true })
        {
            await call.SendAsync(StatusCodes.Status200OK, "application/json", body);
            return;
        }

        call.Response.ContentType = "application/json";
        call.Response.ContentLength = body.Length;
        await call.SendRawAsync(body[..(body.Length / 2)]);
        await Fault.StrikeAsync(call);
    }
}
