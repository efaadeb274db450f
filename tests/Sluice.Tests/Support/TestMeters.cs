using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Diagnostics;

namespace Sluice.Tests.Support;

internal static class TestMeters
{
    /// <summary>Metrics that nobody else shares.</summary>
    public static SluiceMetrics New() => new(Factory());

    public static IMeterFactory Factory() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
