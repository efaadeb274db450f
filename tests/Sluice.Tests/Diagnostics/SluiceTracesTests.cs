using System.Diagnostics;
using Sluice.Diagnostics;

namespace Sluice.Tests.Diagnostics;

public sealed class SluiceTracesTests
{
    [Fact]
    public void StartAndStop_LeaveWhatIsCurrent()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SluiceTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var before = Activity.Current;
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        var span = SluiceTraces.Start("chat", ActivityKind.Client, parent);

        Assert.Same(before, Activity.Current);
        Assert.Equal((parent.TraceId, parent.SpanId), (span!.TraceId, span.ParentSpanId));
        Assert.Equal($"00-{parent.TraceId.ToHexString()}-{span.SpanId.ToHexString()}-01", SluiceTraces.Traceparent(span.Context));
        using var other = new Activity("other").Start();
        SluiceTraces.Stop(span, "upstream_error");
        Assert.Same(other, Activity.Current);
        Assert.Equal((ActivityStatusCode.Error, "upstream_error"), (span.Status, span.GetTagItem("error.type")));
    }
}
