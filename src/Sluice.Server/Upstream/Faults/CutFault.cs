namespace Sluice.Server.Upstream.Faults;

/// <summary>The answer is cut short.</summary>
internal sealed class CutFault(CutKind kind) : IMidStreamFault
{
    public bool StrikesWholeAnswers => kind != CutKind.Clean;

    public async ValueTask<bool> StrikeAsync(UpstreamCall call)
    {
        switch (kind)
        {
            case CutKind.Reset:
                await call.ResetAsync();
                break;
            case CutKind.MidBody:
                call.CloseMidBody();
                break;
            default:
                call.Outcome = CallOutcome.Cut;
                break;
        }

        return false;
    }
}
