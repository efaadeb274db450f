using Microsoft.Extensions.Logging;

namespace Sluice.Pipeline;

/// <summary>Log messages of this folder: ids 300 to 399.</summary>
internal static partial class PipelineMessages
{
    [LoggerMessage(300, LogLevel.Warning, "The provider {Provider} does not list its models ({Reason}); name them in Sluice:Models, or set the provider's Model", EventName = "NoModelList")]
    public static partial void NoModelList(ILogger logger, string provider, string reason);

    [LoggerMessage(301, LogLevel.Information, "A call of {Target} failed ({Code}): {Reason}", EventName = "AttemptFailed")]
    public static partial void AttemptFailed(ILogger logger, string target, string code, string reason);

    [LoggerMessage(302, LogLevel.Error, "The provider of {Target} failed with an exception of its own", EventName = "AttemptDefect")]
    public static partial void AttemptDefect(ILogger logger, Exception? exception, string target);

    [LoggerMessage(303, LogLevel.Warning, "{Target} has failed too often (last: {Code}) and is left alone for a while", EventName = "CircuitOpened")]
    public static partial void CircuitOpened(ILogger logger, string target, string code);

    [LoggerMessage(304, LogLevel.Warning, "{Target} answers again", EventName = "CircuitClosed")]
    public static partial void CircuitClosed(ILogger logger, string target);
}
