using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>What the counting of every generation shares.</summary>
/// <param name="Metrics">Where it is counted.</param>
/// <param name="Models">What models are called there.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where each is told in one line.</param>
internal sealed record Metering(SluiceMetrics Metrics, ModelLabels Models, TimeProvider Time, ILogger Logger);
