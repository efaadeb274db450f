using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Sluice.Diagnostics;
using Sluice.Tests.Support;

namespace Sluice.Tests.Diagnostics;

public sealed partial class MetricsDocumentTests
{
    [Theory]
    [InlineData("docs/metrics.md")]
    [InlineData("docs/zh-CN/metrics.md")]
    public void Document_HasEveryInstrument_AndNoOther(string document)
    {
        var rows = Rows().Matches(Repository.Read(document)).Select(row => row.Groups[1].Value).ToList();
        Assert.Equal(Instruments().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Instruments_SayWhatTheyAreAndInWhichUnit()
    {
        var meters = TestMeters.Factory();
        Assert.All(Published(meters), instrument =>
        {
            Assert.False(string.IsNullOrEmpty(instrument.Unit));
            Assert.False(string.IsNullOrEmpty(instrument.Description));
        });
    }

    private static List<string> Instruments() => [.. Published(TestMeters.Factory()).Select(instrument => instrument.Name)];

    private static List<Instrument> Published(IMeterFactory meters)
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == SluiceMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                instruments.Add(instrument);
            }
        };
        var metrics = new SluiceMetrics(meters);
        metrics.Streams.Observe(static () => 0, static () => 0, static () => 0);
        metrics.Targets.Observe(static () => []);
        _ = new LimitMetrics(meters);
        listener.Start();
        return instruments;
    }

    // The rows of those tables that have four columns.
    [GeneratedRegex(@"^\| `([a-z_.]+)` \|[^|]*\|[^|]*\|[^|]*\|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Rows();
}
