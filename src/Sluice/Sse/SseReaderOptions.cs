using System.ComponentModel.DataAnnotations;

namespace Sluice.Sse;

/// <summary>The limits of an <see cref="SseReader"/>.</summary>
public sealed class SseReaderOptions
{
    internal const int LargestLimit = 1 << 30;

    /// <summary>How long one event, and so any one line, may be.</summary>
    /// <value>
    /// Bytes of all lines of the event, line ends aside; unknown fields count, comments count only each for itself.
    /// 1 byte to 1 GiB, 8 MiB by default.
    /// </value>
    [Range(1, LargestLimit)]
    public int MaxEventBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long an event id may be: it outlives its event. A longer one is ignored, as one with NUL is.</summary>
    /// <value>Bytes, 1 byte to 1 GiB, 4 KiB by default: about what a <c>Last-Event-ID</c> request header can carry.</value>
    [Range(1, LargestLimit)]
    public int MaxEventIdBytes { get; set; } = 4 * 1024;

    /// <summary>Whether a read that brought comments or blank lines, and no event, is reported: as an event of no data that says
    /// <see cref="SseEvent.IsKeepAlive"/>. For who measures silence.</summary>
    /// <value>False by default: <see cref="SseReader.ReadAsync"/> gives events only.</value>
    public bool ReportKeepAlives { get; set; }
}
