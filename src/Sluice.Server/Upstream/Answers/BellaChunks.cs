using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Server.Upstream.Answers;

/// <summary>Chunks as Bella OpenAPI sends them: `created` moves, `finish_reason` is left out or empty until it is set.</summary>
internal sealed class BellaChunks : IChunkFormat
{
    private const int EmptyFinishEvery = 8;

    private readonly AnswerScript _script;
    private readonly DeltaWriter _deltas;
    private readonly byte[] _open;
    private readonly byte[] _model;
    private long _created;

    public BellaChunks(AnswerHead head, AnswerScript script)
    {
        _script = script;
        _created = head.Created;
        _deltas = new DeltaWriter(script, head.Tool, emptyContinuations: true);
        _open = Encoding.UTF8.GetBytes($"{{\"id\":\"{JsonText.Escape(head.Id)}\",\"object\":\"chat.completion.chunk\",\"created\":");
        _model = Encoding.UTF8.GetBytes($",\"model\":\"{JsonText.Escape(head.Model)}\",\"choices\":[");
    }

    public void Write(AnswerStep step, long stampNanoseconds, IBufferWriter<byte> output)
    {
        var created = _created++;
        if (step.Kind == AnswerStepKind.Sensitives)
        {
            DeltaWriter.Append(output, $"{{\"created\":{created},\"choices\":[],\"sensitives\":[{{\"type\":\"phone\",\"risk\":\"low\",\"at\":{step.Index}}}]}}");
            return;
        }

        output.Write(_open);
        var digits = output.GetSpan(20);
        created.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write(_model);
        if (step.Kind == AnswerStepKind.Usage)
        {
            DeltaWriter.Append(output, $"],\"usage\":{AnswerUsage.Json(_script)}}}");
            return;
        }

        output.Write("{\"index\":0,\"delta\":"u8);
        _deltas.Write(step, stampNanoseconds, output);
        if (step.Kind == AnswerStepKind.Finish) DeltaWriter.Append(output, $",\"finish_reason\":\"{_script.FinishReason}\"");
        else if (step.IsToken && step.Index % EmptyFinishEvery == EmptyFinishEvery - 1) output.Write(",\"finish_reason\":\"\""u8);
        output.Write(step.Kind == AnswerStepKind.Role ? "}],\"requestRiskData\":{\"level\":\"pass\",\"hits\":[]}}"u8 : "}]}"u8);
    }
}
