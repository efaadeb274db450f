using Microsoft.Extensions.Logging;

namespace Sluice.Limits;

/// <summary>Log messages of this folder: ids 900 to 999.</summary>
internal static partial class LimitMessages
{
    [LoggerMessage(900, LogLevel.Information, "Refused: the limit {Limit} of the {Scope} is reached, model {Model}; request {RequestId}, key {KeyId}", EventName = "LimitRefused")]
    public static partial void Refused(ILogger logger, string limit, string scope, string model, string? requestId, string? keyId);
}
