using System.IO.Pipelines;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Viewers on threads of their own come and go while the log is compacted under them. In Debug, freed memory is poisoned: who reads it shows it.</summary>
public sealed class StreamCapsRaceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compaction_WhileViewersComeAndGo_NothingIsLost(bool isNative)
    {
        const int Pieces = 4000;
        var script = new Script();
        for (var i = 0; i < Pieces; i++)
        {
            if (i % 10 == 0)
            {
                script.Hop();
            }

            script.Text($"第{i} ");
        }

        var bench = new StreamBench(script.Finish().Done());
        bench.Options.MaxLogBytes = 100_000;
        bench.Options.MaxLogEvents = 200;
        bench.Options.SnapshotAfter = 150;
        var session = bench.Open(isNative, DisconnectPolicy.Detach);
        using var first = bench.Start(session);
        var reading = first.RunAsync(new CountingPipeWriter());
        var all = Task.WhenAll(Enumerable.Range(0, 24).Select(seed => Task.Run(() => ComeAndGoAsync(session, isNative, seed))));
        await reading.Soon();
        var said = string.Concat(Enumerable.Range(0, Pieces).Select(i => $"第{i} "));
        foreach (var shown in await all.Soon())
        {
            Assert.Equal(said, shown.Text);
            Assert.Equal(session.Log.Published, shown.Last);
        }

        first.Dispose();
        await bench.ExpireAllAsync();
        Assert.Equal(0, bench.Hub.Bytes);
    }

    // Reads some, is cut anywhere, comes back with its cursor, until it has all.
    private static async Task<ShownAnswer> ComeAndGoAsync(StreamSession session, bool isNative, int seed)
    {
        var shown = new ShownAnswer(isNative);
        for (var round = 0; shown.Terminal is null; round++)
        {
            var patience = round < 40 ? 1 + ((seed * 31 + round * 17) * 97 % 5000) : long.MaxValue;
            var got = new MemoryStream();
            await using var output = new StoppingStream(got, () => patience);
            using var viewer = session.TryAttach(output.Full, shown.Last);
            Assert.NotNull(viewer);
            await viewer.RunAsync(PipeWriter.Create(output));
            shown.Take(got.ToArray().AsSpan(0, (int)Math.Min(patience, got.Length)));
        }

        return shown;
    }
}
