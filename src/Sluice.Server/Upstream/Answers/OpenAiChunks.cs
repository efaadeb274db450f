using System.Buffers;
using System.Text;

namespace Sluice.Server.Upstream.Answers;

/// <summary>Chunks as the OpenAI API sends them, with fields of a vendor that no client knows.</summary>
internal sealed class OpenAiChunks : IChunkFormat
{
    private readonly DeltaWriter _deltas;
    private readonly byte[] _open;
    private readonly byte[] _close;
    private readonly byte[] _finish;
    private readonly byte[] _usage;

    public OpenAiChunks(AnswerHead head, AnswerScript script)
    {
        _deltas = new DeltaWriter(script, head.Tool, emptyContinuations: false);
        var tail = head.Usage ? ",\"usage\":null}" : "}";
        var common = $$$"""{"id":"{{{JsonText.Escape(head.Id)}}}","object":"chat.completion.chunk","created":{{{head.Created}}},"model":"{{{JsonText.Escape(head.Model)}}}","service_tier":"default","system_fingerprint":"fp_sluice_sim","vendor":{"region":"cn-north-1","queue_ms":0.25,"trace":{"hops":["a","b"],"note":null}},"choices":[""";
        _open = Encoding.UTF8.GetBytes(common + "{\"index\":0,\"delta\":");
        _close = Encoding.UTF8.GetBytes(",\"logprobs\":null,\"finish_reason\":null}]" + tail);
        _finish = Encoding.UTF8.GetBytes($",\"logprobs\":null,\"finish_reason\":\"{script.FinishReason}\"}}]{tail}");
        _usage = Encoding.UTF8.GetBytes(common + "],\"usage\":" + AnswerUsage.Json(script) + "}");
    }

    public void Write(AnswerStep step, long stampNanoseconds, IBufferWriter<byte> output)
    {
        if (step.Kind == AnswerStepKind.Usage)
        {
            output.Write(_usage);
            return;
        }

        output.Write(_open);
        _deltas.Write(step, stampNanoseconds, output);
        output.Write(step.Kind == AnswerStepKind.Finish ? _finish : _close);
    }
}
