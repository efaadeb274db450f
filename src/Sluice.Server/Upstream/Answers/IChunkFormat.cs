using System.Buffers;

namespace Sluice.Server.Upstream.Answers;

/// <summary>Writes the events of one answer as JSON, in one dialect.</summary>
/// <remarks>One instance belongs to one answer and is not safe for several threads.</remarks>
internal interface IChunkFormat
{
    /// <summary>Appends one event's JSON, nothing around it.</summary>
    /// <param name="stampNanoseconds">Written into a content token when positive: the moment of writing, for latency measurements.</param>
    void Write(AnswerStep step, long stampNanoseconds, IBufferWriter<byte> output);
}
