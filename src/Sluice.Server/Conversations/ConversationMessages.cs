namespace Sluice.Server.Conversations;

/// <summary>Log messages of this folder: ids 830 to 849.</summary>
internal static partial class ConversationMessages
{
    [LoggerMessage(830, LogLevel.Error, "A question could not be stored, so it was not asked", EventName = "QuestionNotStored")]
    public static partial void NotBegun(ILogger logger, Exception exception);

    [LoggerMessage(831, LogLevel.Warning, "The ending of answer {AnswerId} could not be stored; it is tried again", EventName = "EndingNotStored")]
    public static partial void EndingNotStored(ILogger logger, Exception exception, string answerId);

    [LoggerMessage(832, LogLevel.Error, "The ending of answer {AnswerId} is lost; what was stored of it before is marked as interrupted", EventName = "EndingLost")]
    public static partial void EndingLost(ILogger logger, Exception exception, string answerId);

    [LoggerMessage(833, LogLevel.Error, "The conversations cannot be read", EventName = "ConversationsUnreadable")]
    public static partial void NotRead(ILogger logger, Exception exception);

    [LoggerMessage(834, LogLevel.Error, "What has come of running answers could not be stored; it is tried again", EventName = "CheckpointFailed")]
    public static partial void CheckpointFailed(ILogger logger, Exception exception);

    [LoggerMessage(835, LogLevel.Warning, "Answers were under way when their server stopped, and are marked as interrupted: {Count}", EventName = "AnswersInterrupted")]
    public static partial void Interrupted(ILogger logger, int count);

    [LoggerMessage(836, LogLevel.Information, "Questions and answers are kept in {Where}. To keep none, set Sluice:Conversations:Enabled to false", EventName = "ConversationsKept")]
    public static partial void Kept(ILogger logger, string where);

    [LoggerMessage(837, LogLevel.Error, "The endings of {Count} answers could not be stored before the server stopped", EventName = "EndingsLeft")]
    public static partial void Left(ILogger logger, int count);

    [LoggerMessage(838, LogLevel.Warning, "No conversations are kept. {Hindrance}", EventName = "NothingIsKept")]
    public static partial void NothingIsKept(ILogger logger, string hindrance);
}
