using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Tells how all targets of the configuration in force do.</summary>
internal sealed class TargetStatuses(ModelRouter router, RetryBudget budget, UnreachableProviders unreachable) : ITargetStatusSource
{
    /// <inheritdoc/>
    public IReadOnlyList<TargetStatus> Targets
    {
        get
        {
            var table = router.Table;
            return
            [
                .. table.Routes.Values.SelectMany(route => route.Targets.Select(target => target.Health.Describe(route.Model, target.ProviderName, target.Model))),
                .. table.Upstreams.Select(upstream => upstream.Value.Target.Health.Describe(upstream.Key, upstream.Key, upstream.Value.Target.Model)),
            ];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Unreachable => unreachable.All;

    /// <inheritdoc/>
    public double RetriesLeft => budget.Left;
}
