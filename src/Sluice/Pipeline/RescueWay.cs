namespace Sluice.Pipeline;

/// <summary>How one call goes on with an answer.</summary>
internal enum RescueWay
{
    /// <summary>The text so far is the assistant's last message; the target continues it.</summary>
    Prefix,

    /// <summary>Asked from the start; silent while it says what has been shown.</summary>
    Restart,

    /// <summary>Asked to go on, in a further turn behind the text so far.</summary>
    UserTurn,

    /// <summary>What has been shown is void; a new answer.</summary>
    Reset,
}
