namespace Sluice.Server.Upstream.Faults;

/// <summary>The connection stays open and nothing more comes.</summary>
internal sealed class StallFault : IMidStreamFault
{
    public bool StrikesWholeAnswers => true;

    public async ValueTask<bool> StrikeAsync(UpstreamCall call)
    {
        await call.Pacer.ForeverAsync();
        return false;
    }
}
