namespace Sluice.Server.Upstream.Faults;

/// <summary>What goes wrong in the middle of an answer. Instances hold no state of a call.</summary>
internal interface IMidStreamFault
{
    /// <summary>Whether it also strikes an answer that is not streamed, in the middle of its body.</summary>
    bool StrikesWholeAnswers { get; }

    /// <summary>Strikes, once per answer.</summary>
    /// <returns>Whether the answer goes on afterwards.</returns>
    ValueTask<bool> StrikeAsync(UpstreamCall call);
}
