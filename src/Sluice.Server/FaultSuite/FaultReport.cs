using System.Text.Json.Serialization;

namespace Sluice.Server.FaultSuite;

/// <summary>What a run of the suite found, as `--json` writes it.</summary>
/// <param name="LimitSeconds">The limit for headers, first token or silence, in seconds of the suite's clock, where a fault is about one.</param>
/// <param name="Retries">How often the same target is asked again.</param>
/// <param name="RealSeconds">How long the run took.</param>
/// <param name="Results">One for each fault and dialect.</param>
internal sealed record FaultReport(double LimitSeconds, int Retries, double RealSeconds, IReadOnlyList<FaultResult> Results)
{
    /// <value>Faults that ended with the whole answer or the right refusal in every dialect.</value>
    public int Passed => Count(FaultVerdict.Refused, FaultVerdict.Whole);

    /// <value>Faults that ended with a truthful error in some dialect, and with nothing worse in any.</value>
    public int Safe => Results.GroupBy(result => result.Fault, StringComparer.Ordinal).Count() - Passed - Wrong;

    /// <value>Faults that did not end as they have to.</value>
    public int Wrong => Results.Where(result => result.Problem is not null).Select(result => result.Fault).Distinct(StringComparer.Ordinal).Count();

    /// <summary>In one line.</summary>
    [JsonIgnore]
    public string Summary => FormattableString.Invariant(
        $"{Passed} with the whole answer or the right refusal, {Safe} with a truthful error, {Wrong} wrong; {Retries} retries, limits of {LimitSeconds:0} s, {RealSeconds:0.0} real seconds in all");

    private int Count(FaultVerdict low, FaultVerdict high) =>
        Results.GroupBy(result => result.Fault, StringComparer.Ordinal).Count(fault => fault.All(result => result.Problem is null && result.Verdict >= low && result.Verdict <= high));
}
