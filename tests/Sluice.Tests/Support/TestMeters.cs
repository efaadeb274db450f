using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Diagnostics;
using Sluice.Pipeline;

namespace Sluice.Tests.Support;

internal static class TestMeters
{
    /// <summary>Metrics that nobody else shares.</summary>
    public static SluiceMetrics New() => new(Factory());

    /// <summary>What generations are counted by; every model has a label.</summary>
    public static Metering Metering(SluiceMetrics metrics, TimeProvider time) => new(metrics, new ModelLabels(static model => model ?? "default"), time, NullLogger.Instance);

    public static IMeterFactory Factory() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
