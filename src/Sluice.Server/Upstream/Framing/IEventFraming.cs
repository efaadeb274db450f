using System.IO.Pipelines;

namespace Sluice.Server.Upstream.Framing;

/// <summary>Puts one event's data on the wire.</summary>
internal interface IEventFraming
{
    /// <summary>Writes and flushes one event; the data may be reused as soon as the task is done.</summary>
    ValueTask WriteAsync(PipeWriter output, ReadOnlyMemory<byte> data);
}
