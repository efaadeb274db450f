using Microsoft.Extensions.Logging;

namespace Sluice.Hosting;

/// <summary>Log messages of this folder: ids 700 to 799.</summary>
internal static partial class HostingMessages
{
    [LoggerMessage(700, LogLevel.Information, "The configuration was reloaded: {Providers} providers, {Models} models", EventName = "Reloaded")]
    public static partial void Reloaded(ILogger logger, int providers, int models);

    [LoggerMessage(701, LogLevel.Error, "The changed configuration is not used, the one before stays in force. {Problems}", EventName = "ReloadRefused")]
    public static partial void ReloadRefused(ILogger logger, string problems);

    [LoggerMessage(702, LogLevel.Error, "The changed configuration is not used, the one before stays in force: setting it up failed", EventName = "ReloadFailed")]
    public static partial void ReloadFailed(ILogger logger, Exception exception);

    [LoggerMessage(703, LogLevel.Error, "What {Accounts} accounts have spent could not be stored; it is kept in memory and tried again", EventName = "SpendingNotStored")]
    public static partial void SpendingNotStored(ILogger logger, Exception exception, int accounts);

    [LoggerMessage(704, LogLevel.Warning, "{Provider} does not answer when it is asked for its models ({Code})", EventName = "ProviderUnreachable")]
    public static partial void ProviderUnreachable(ILogger logger, string provider, string code);

    [LoggerMessage(705, LogLevel.Information, "{Provider} answers again", EventName = "ProviderAnswers")]
    public static partial void ProviderAnswers(ILogger logger, string provider);
}
