using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>What every call of every question shares.</summary>
/// <param name="Router">Knows who answers for a model, and how often they may be asked.</param>
/// <param name="Budget">Bounds the retries of the whole process.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where failures are told.</param>
internal sealed record FailoverServices(ModelRouter Router, RetryBudget Budget, SluiceMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>Draws a number from 0 up to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
