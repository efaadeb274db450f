using Microsoft.Extensions.Logging;

namespace Sluice.Streams;

/// <summary>Log messages of this folder: ids 200 to 299.</summary>
internal static partial class StreamMessages
{
    [LoggerMessage(200, LogLevel.Error, "The provider of stream {StreamId} failed with an exception of its own; the viewers were told that the answer failed", EventName = "ProviderDefect")]
    public static partial void ProviderDefect(ILogger logger, Exception exception, string streamId);

    [LoggerMessage(201, LogLevel.Warning, "{Count} streams still ran after the grace of {Seconds} s and were ended with an error", EventName = "GraceOver")]
    public static partial void GraceOver(ILogger logger, int count, double seconds);

    [LoggerMessage(202, LogLevel.Error, "A provider failed with an exception of its own in an answer that was not streamed; the client was told that it failed", EventName = "CompletionDefect")]
    public static partial void CompletionDefect(ILogger logger, Exception exception);

    [LoggerMessage(203, LogLevel.Error, "{Count} streams are left behind: their providers do not end when they are cancelled", EventName = "LeftRunning")]
    public static partial void LeftRunning(ILogger logger, int count);

    [LoggerMessage(204, LogLevel.Information, "A viewer of stream {StreamId} was too slow and was let go, {Events} events behind; it may come back with its cursor", EventName = "ViewerLetGo")]
    public static partial void ViewerLetGo(ILogger logger, string streamId, long events);
}
