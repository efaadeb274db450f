using System.Globalization;
using System.Text;
using CsCheck;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>
/// Streams with small caps against an oracle, which is the text that was said. Clients come, are cut anywhere, stop reading, come back with their cursor; the log
/// is compacted behind them. Whatever happens in whatever order: numbers have no hole, each client shows a beginning of the text, and at the end all of it.
/// </summary>
public sealed class StreamModelTests
{
    private const int Clients = 4;

    private enum Act
    {
        Say,
        SayMuch,
        Come,
        Leave,
        Hold,
        GoOn,
        Wait,
        Look,
    }

    private static readonly Gen<(Act Act, int Who, int Size)[]> Schedules = Gen.Select(
        Gen.Frequency((4, Gen.Const(Act.Say)), (2, Gen.Const(Act.SayMuch)), (4, Gen.Const(Act.Come)), (2, Gen.Const(Act.Leave)), (2, Gen.Const(Act.Hold)), (2, Gen.Const(Act.GoOn)),
            (1, Gen.Const(Act.Wait)), (1, Gen.Const(Act.Look))),
        Gen.Int[0, Clients - 1],
        Gen.Int[1, 4000]).Array[1, 120];

    private static readonly Gen<(bool IsNative, int LogBytes, int LogEvents, int LagEvents, int SnapshotAfter, int Ending)> Settings = Gen.Select(
        Gen.Bool, Gen.Int[20_000, 60_000], Gen.Int[50, 500], Gen.Int[120, 400], Gen.Int[20, 400], Gen.Int[0, 2]);

    [Fact]
    public void AnySchedule_NothingIsLost() => Gen.Select(Settings, Schedules).Sample(
        (settings, schedule) => Run(settings, schedule), iter: 300, threads: 1);

    private static void Run((bool IsNative, int LogBytes, int LogEvents, int LagEvents, int SnapshotAfter, int Ending) settings, (Act Act, int Who, int Size)[] schedule)
    {
        var provider = new SteppedProvider();
        var bench = new StreamBench(provider);
        bench.Options.MaxLogBytes = settings.LogBytes;
        bench.Options.MaxLogEvents = settings.LogEvents;
        bench.Options.MaxLagEvents = settings.LagEvents;
        bench.Options.SnapshotAfter = settings.SnapshotAfter;
        bench.Options.Unwatched = TimeSpan.FromDays(1);
        var session = bench.Open(settings.IsNative, DisconnectPolicy.Detach);
        bench.Start(session).Dispose();
        var clients = Enumerable.Range(0, Clients).Select(_ => new ModelClient(session, settings.IsNative)).ToArray();
        var said = new StringBuilder();
        var number = 0;
        foreach (var (act, who, size) in schedule)
        {
            var client = clients[who];
            switch (act)
            {
                case Act.Say or Act.SayMuch:
                    // One long piece, or many short ones; never more text than may be kept of one answer.
                    var pieces = act == Act.Say ? [$"{number++}{new string('字', size / 20)} "] : Enumerable.Range(0, size / 20).Select(_ => (number++).ToString(CultureInfo.InvariantCulture) + " ").ToList();
                    if (Encoding.UTF8.GetByteCount(said.ToString()) < settings.LogBytes / 4)
                    {
                        said.AppendJoin("", pieces);
                        provider.Say(pieces.Select(Script.TextJson));
                    }

                    break;
                case Act.Come:
                    client.Come();
                    break;
                case Act.Leave:
                    client.Leave(size);
                    break;
                case Act.Hold:
                    client.Output?.Hold();
                    break;
                case Act.GoOn:
                    client.Output?.GoOn();
                    break;
                case Act.Wait:
                    bench.Time.Advance(TimeSpan.FromSeconds(size / 100));
                    break;
                case Act.Look:
                    session.TrySnapshot();
                    break;
            }

            foreach (var each in clients)
            {
                each.IsBeginningOf(said.ToString());
            }
        }

        // Everyone reads on, so that the producer has said all, and the stream ends in one of the three ways.
        foreach (var client in clients)
        {
            client.Output?.GoOn();
        }

        switch (settings.Ending)
        {
            case 0:
                provider.Say([null]);
                break;
            case 1:
                session.Cancel();
                break;
            default:
                session.Cancel(new Sluice.Chat.ChatProviderException(Sluice.Chat.ChatErrorKind.Upstream, "broken"));
                break;
        }

        Assert.True(session.Completion.IsCompleted);
        foreach (var client in clients)
        {
            client.Leave(int.MaxValue);
            if (client.Shown.Terminal is null)
            {
                client.Come();
                client.Leave(int.MaxValue);
            }

            Assert.Equal(said.ToString(), client.Shown.Text);
            Assert.Equal(settings.IsNative ? new[] { "end", "cancelled", "error" }[settings.Ending] : settings.Ending == 0 ? "[DONE]" : "error", client.Shown.Terminal);
            Assert.Equal(session.Log.Published, client.Shown.Last);
            client.Dispose();
        }

        bench.Time.Advance(bench.Options.TimeToLive);
        Assert.Equal(0, bench.Hub.Kept);
        Assert.Equal(0, bench.Hub.Bytes);
    }
}
