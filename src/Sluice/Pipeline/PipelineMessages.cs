using Microsoft.Extensions.Logging;

namespace Sluice.Pipeline;

/// <summary>Log messages of this folder: ids 300 to 399.</summary>
internal static partial class PipelineMessages
{
    [LoggerMessage(300, LogLevel.Warning, "The provider {Provider} does not list its models ({Reason}); name them in Sluice:Models, or set the provider's Model", EventName = "NoModelList")]
    public static partial void NoModelList(ILogger logger, string provider, string reason);

    [LoggerMessage(301, LogLevel.Information, "A call of {Target} failed ({Code}): {Reason}; request {RequestId}, stream {StreamId}", EventName = "AttemptFailed")]
    public static partial void AttemptFailed(ILogger logger, string target, string code, string reason, string? requestId, string? streamId);

    [LoggerMessage(302, LogLevel.Error, "The provider of {Target} failed with an exception of its own", EventName = "AttemptDefect")]
    public static partial void AttemptDefect(ILogger logger, Exception? exception, string target);

    [LoggerMessage(303, LogLevel.Warning, "{Target} has failed too often (last: {Code}) and is left alone for a while", EventName = "CircuitOpened")]
    public static partial void CircuitOpened(ILogger logger, string target, string code);

    [LoggerMessage(304, LogLevel.Warning, "{Target} answers again", EventName = "CircuitClosed")]
    public static partial void CircuitClosed(ILogger logger, string target);

    [LoggerMessage(305, LogLevel.Information, "Answer {Outcome}: model {Model}, {Seconds} s, first token after {FirstToken} s, {InputTokens} tokens in, {OutputTokens} out; request {RequestId}, stream {StreamId}, key {KeyId}", EventName = "Generation")]
    public static partial void Generation(ILogger logger, string outcome, string model, double seconds, double? firstToken, long inputTokens, long outputTokens, string? requestId, string? streamId, string? keyId);

    [LoggerMessage(310, LogLevel.Information, "{Target} goes on with an answer that had broken off ({Code}), by {Way}", EventName = "Rescued")]
    public static partial void Rescued(ILogger logger, string target, RescueWay way, string code);

    [LoggerMessage(311, LogLevel.Information, "{Target} says something else than what has been shown, and cannot go on with it", EventName = "Departed")]
    public static partial void Departed(ILogger logger, string target);

    [LoggerMessage(312, LogLevel.Information, "{Target} begins anew in place of an answer that had broken off ({Code})", EventName = "Reset")]
    public static partial void Reset(ILogger logger, string target, string code);

    [LoggerMessage(313, LogLevel.Information, "Nobody could go on with an answer that had broken off ({Code})", EventName = "NotRescued")]
    public static partial void NotRescued(ILogger logger, string code);
}
