namespace Sluice.Server.Access;

/// <summary>Log messages of this folder: ids 810 to 829.</summary>
internal static partial class AccessMessages
{
    [LoggerMessage(810, LogLevel.Warning, "There is no API key yet. Make one: sluice keys create --name me", EventName = "NoKey")]
    public static partial void NoKey(ILogger logger);

    [LoggerMessage(811, LogLevel.Information, "The API keys were read: {Count}", EventName = "KeysRead")]
    public static partial void KeysRead(ILogger logger, int count);

    [LoggerMessage(812, LogLevel.Error, "The API keys cannot be read; those known before stay in force", EventName = "KeysUnreadable")]
    public static partial void KeysUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(813, LogLevel.Warning, "API keys have budgets in cost, and no model has a price, so nothing is ever booked on them: {Count}. Set the price of a million tokens: Sluice:Price or Sluice:Models:NAME:Price", EventName = "BudgetsWithoutPrice")]
    public static partial void BudgetsWithoutPrice(ILogger logger, int count);
}
