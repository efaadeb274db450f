namespace Sluice.Streams;

/// <summary>What becomes of a generation when its last viewer has left.</summary>
internal enum DisconnectPolicy
{
    /// <summary>The upstream call is aborted at once.</summary>
    Cancel,

    /// <summary>It goes on, for <see cref="StreamOptions.Unwatched"/> at most: the viewer will be back.</summary>
    Detach,
}
