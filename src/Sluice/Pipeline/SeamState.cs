namespace Sluice.Pipeline;

/// <summary>Whether a new answer has come to where the old one broke off.</summary>
internal enum SeamState
{
    /// <summary>Not yet: what it says is held back.</summary>
    Held,

    /// <summary>It has: from here on it is shown.</summary>
    Open,

    /// <summary>It says something else than what has been shown, so it cannot go on with it.</summary>
    Departed,
}
