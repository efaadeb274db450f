namespace Sluice.Server.Upstream.Scenarios;

/// <summary>One line that does not end, as fast as the client reads it.</summary>
internal sealed class HugeLineScenario : IScenario
{
    /// <summary>More than a reader without a limit can keep: it then ends without ever having been a line.</summary>
    public const long Bytes = 768L << 20;

    private static readonly byte[] Block = [.. Enumerable.Repeat((byte)'x', 64 << 10)];

    public async Task RunAsync(UpstreamCall call)
    {
        await call.OpenStreamAsync();
        await call.SendRawAsync("data: {\"choices\":[{\"delta\":{\"content\":\""u8.ToArray());
        for (long sent = 0; sent < Bytes; sent += Block.Length)
        {
            call.Gone.ThrowIfCancellationRequested();
            await call.SendRawAsync(Block);
        }

        call.Outcome = CallOutcome.Cut;
    }
}
