using Microsoft.Extensions.Logging;

namespace Sluice.Streams;

/// <summary>Log messages of this folder: ids 200 to 299.</summary>
internal static partial class StreamMessages
{
    [LoggerMessage(200, LogLevel.Error, "The provider of stream {StreamId} failed with an exception of its own; the viewers were told that the answer failed", EventName = "ProviderDefect")]
    public static partial void ProviderDefect(ILogger logger, Exception exception, string streamId);

    [LoggerMessage(201, LogLevel.Warning, "{Count} streams still ran after the grace of {Seconds} s and were ended with an error", EventName = "GraceOver")]
    public static partial void GraceOver(ILogger logger, int count, double seconds);
}
