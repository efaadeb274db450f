using CsCheck;
using Sluice.Chat;
using Sluice.Limits;
using Sluice.Tests.Support;

namespace Sluice.Tests.Limits;

/// <summary>
/// Any order of questions, ends, cancels and pauses against an oracle that remembers every question. It never finds more answers at once, more requests, more
/// tokens than are allowed, and when everything has ended and leaked, everything is as at the beginning.
/// </summary>
public sealed class AdmissionModelTests
{
    private const int Callers = 3;

    private enum Act
    {
        Ask,
        Settle,
        End,
        Pause,
    }

    private static readonly Gen<(int Requests, int Tokens, int Streams, long Budget, int ModelStreams)> Settings = Gen.Select(
        Gen.Int[1, 20], Gen.Int[100, 5000], Gen.Int[1, 5], Gen.Long[1000, 50_000], Gen.Int[1, 8]);

    private static readonly Gen<(Act Act, int Who, int Size, double Seconds)[]> Schedules = Gen.Select(
        Gen.Frequency((5, Gen.Const(Act.Ask)), (2, Gen.Const(Act.Settle)), (3, Gen.Const(Act.End)), (3, Gen.Const(Act.Pause))),
        Gen.Int[0, 100], Gen.Int[1, 3000], Gen.Double[0, 40]).Array[1, 200];

    [Fact]
    public void AnySchedule_NeverMoreThanAllowed_AndBackAtTheBeginning() => Gen.Select(Settings, Schedules).Sample(
        (settings, schedule) => Run(settings, schedule), iter: 500, threads: 1);

    private static void Run((int Requests, int Tokens, int Streams, long Budget, int ModelStreams) settings, (Act Act, int Who, int Size, double Seconds)[] schedule)
    {
        var bench = new LimitBench(new CallerLimits
        {
            RequestsPerMinute = settings.Requests,
            TokensPerMinute = settings.Tokens,
            ConcurrentStreams = settings.Streams,
            TokensPerDay = settings.Budget,
        });
        bench.Admission.Table = bench.Admission.Table with
        { Models = new Dictionary<string, CallerLimits>(StringComparer.Ordinal) { ["chat"] = new() { ConcurrentStreams = settings.ModelStreams } } };
        var open = new List<Asked>();
        var all = new List<Asked>();
        foreach (var (act, who, size, seconds) in schedule)
        {
            switch (act)
            {
                case Act.Ask:
                    var caller = $"c{who % Callers}";
                    try
                    {
                        var asked = new Asked(caller, bench.Ask(caller, maxTokens: size), size + 4, bench.Time.GetUtcNow());
                        CheckLimits(settings, open.Append(asked).ToList(), [.. all, asked]);
                        open.Add(asked);
                        all.Add(asked);
                    }
                    catch (ChatProviderException e)
                    {
                        Assert.True(e.Kind is ChatErrorKind.LimitReached or ChatErrorKind.QuotaSpent);
                    }

                    break;
                case Act.Settle when open.Count > 0:
                    // No more than was expected: with a bound that is kept, the promise is exact.
                    open[who % open.Count].Settle(size, bench.Time.GetUtcNow());
                    break;
                case Act.End when open.Count > 0:
                    var ended = open[who % open.Count];
                    ended.Grant.Dispose();
                    ended.Grant.Dispose();
                    open.Remove(ended);
                    break;
                case Act.Pause:
                    bench.Time.Advance(TimeSpan.FromSeconds(seconds));
                    break;
                default:
                    break;
            }
        }

        foreach (var asked in open)
        {
            asked.Grant.Dispose();
        }

        bench.Time.Advance(TimeSpan.FromHours(2));
        for (var i = 0; i < Callers; i++)
        {
            var report = bench.Admission.Look(LimitBench.Question($"c{i}"));
            Assert.Equal(new LimitState(settings.Requests, settings.Requests, TimeSpan.Zero), report.Requests);
            Assert.Equal(new LimitState(settings.Tokens, settings.Tokens, TimeSpan.Zero), report.Tokens);
            Assert.Equal(all.Where(asked => asked.Caller == $"c{i}").Sum(asked => asked.Used), bench.Book.Look($"caller:c{i}", new DateOnly(2026, 11, 29)).MonthTokens);
        }

        Assert.Equal(0, bench.Admission.Active("model:chat"));
    }

    private static void CheckLimits((int Requests, int Tokens, int Streams, long Budget, int ModelStreams) settings, List<Asked> open, List<Asked> all)
    {
        var last = all[^1];
        var mine = all.Where(asked => asked.Caller == last.Caller).ToList();
        Assert.True(open.Count <= settings.ModelStreams);
        Assert.True(open.Count(asked => asked.Caller == last.Caller) <= settings.Streams);

        // One that may need more than a minute has is alone with it.
        var held = open.Where(asked => asked.Caller == last.Caller && !asked.IsSettled).Sum(asked => asked.Expected);
        Assert.True(held <= settings.Tokens || held == last.Expected);
        foreach (var first in mine)
        {
            var minutes = 1 + (last.At - first.At).TotalMinutes;
            Assert.True(mine.Count(asked => asked.At >= first.At) <= (settings.Requests * minutes) + 1e-6);
            if (mine.TrueForAll(asked => asked.Expected <= settings.Tokens))
            {
                var used = mine.Where(asked => asked.SettledAt >= first.At).Sum(asked => asked.Used);
                Assert.True(used <= (settings.Tokens * minutes) + 1e-6);
            }
        }

        // The last one that was let in may go over the budget, with what it was expected to need.
        Assert.True(mine.Where(asked => asked.At.Day == last.At.Day).Sum(asked => asked.Used) < settings.Budget);
    }

    private sealed class Asked(string caller, IGrant grant, long expected, DateTimeOffset at)
    {
        public string Caller => caller;

        public IGrant Grant => grant;

        public long Expected => expected;

        public DateTimeOffset At => at;

        public bool IsSettled { get; private set; }

        public DateTimeOffset? SettledAt { get; private set; }

        public long Used { get; private set; }

        public void Settle(long size, DateTimeOffset now)
        {
            if (!IsSettled)
            {
                (IsSettled, SettledAt, Used) = (true, now, Math.Min(size, expected));
            }

            grant.Settle(Math.Min(size, expected), 0, 0);
        }
    }
}
