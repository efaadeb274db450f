using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>A client of the model: at most one connection at a time, and what it shows through all of them.</summary>
internal sealed class ModelClient(StreamSession session, bool isNative) : IDisposable
{
    private StreamViewer? _viewer;
    private CancellationTokenSource? _gone;
    private Task? _running;

    /// <summary>What it shows.</summary>
    public ShownAnswer Shown { get; } = new(isNative);

    /// <summary>Its connection; null where it has none.</summary>
    public HoldingPipeWriter? Output { get; private set; }

    /// <summary>Connects with its cursor, unless it is connected.</summary>
    public void Come()
    {
        if (Output is not null || Shown.Terminal is not null)
        {
            return;
        }

        _gone = new CancellationTokenSource();
        _viewer = session.TryAttach(_gone.Token, Shown.Last);
        Assert.NotNull(_viewer);
        Output = new HoldingPipeWriter();
        _running = _viewer.RunAsync(Output);
    }

    /// <summary>Is cut: the last bytes that were sent do not arrive.</summary>
    /// <param name="arrived">How many bytes do, at most. Of a client that reads, all.</param>
    public void Leave(int arrived)
    {
        if (Output is null)
        {
            return;
        }

        _gone!.Cancel();
        Output.GoOn();
        Assert.True(_running!.IsCompletedSuccessfully);
        _viewer!.Dispose();
        _gone.Dispose();
        Shown.Take(Output.Written[..Math.Min(arrived, Output.Written.Length)]);
        Output = null;
    }

    public void Dispose() => _gone?.Dispose();

    /// <summary>What it shows, and what is on its way, is a beginning of the text.</summary>
    public void IsBeginningOf(string said)
    {
        Assert.StartsWith(Shown.Text, said, StringComparison.Ordinal);
        if (_viewer is { IsLetGo: true } && Output is not null)
        {
            // Its connection is closed; what was sent before may still arrive.
            Leave(int.MaxValue);
        }
    }
}
