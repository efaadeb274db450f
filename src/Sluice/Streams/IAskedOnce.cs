namespace Sluice.Streams;

/// <summary>A generation that a client's own key may name, so that whoever asks again gets this one.</summary>
internal interface IAskedOnce
{
    /// <summary>Whether it ended, or is being stopped, before anyone was shown anything: whoever asks again must not get that.</summary>
    bool CameToNothing { get; }
}
