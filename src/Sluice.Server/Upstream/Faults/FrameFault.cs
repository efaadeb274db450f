namespace Sluice.Server.Upstream.Faults;

/// <summary>Bytes that do not belong there.</summary>
/// <param name="bytes">Sent as they are, outside the framing.</param>
/// <param name="goesOn">Whether the answer goes on afterwards, untouched; otherwise the body ends.</param>
internal sealed class FrameFault(byte[] bytes, bool goesOn = true) : IMidStreamFault
{
    public bool StrikesWholeAnswers => false;

    public async ValueTask<bool> StrikeAsync(UpstreamCall call)
    {
        await call.SendRawAsync(bytes);
        if (!goesOn) call.Outcome = CallOutcome.Cut;
        return goesOn;
    }
}
