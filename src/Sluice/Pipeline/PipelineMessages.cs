using Microsoft.Extensions.Logging;

namespace Sluice.Pipeline;

/// <summary>Log messages of this folder: ids 300 to 399.</summary>
internal static partial class PipelineMessages
{
    [LoggerMessage(300, LogLevel.Warning, "The provider {Provider} does not list its models ({Reason}); name them in Sluice:Models, or set the provider's Model", EventName = "NoModelList")]
    public static partial void NoModelList(ILogger logger, string provider, string reason);
}
