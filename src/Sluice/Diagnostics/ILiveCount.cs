namespace Sluice.Diagnostics;

/// <summary>Something that counts its own events and bytes while it lives, as it must anyway. Read from any thread.</summary>
internal interface ILiveCount
{
    /// <summary>Events so far. Never less than before.</summary>
    long Events { get; }

    /// <summary>Bytes so far. Never less than before.</summary>
    long Bytes { get; }
}
