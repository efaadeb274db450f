namespace Sluice.Chat;

/// <summary>How one upstream does that may answer for a model.</summary>
/// <param name="Model">The model's name as asked for; a provider's name where it can be asked for by that.</param>
/// <param name="Provider">The provider's name in the configuration.</param>
/// <param name="TargetModel">The model's name there; null for the provider's own first.</param>
/// <param name="Circuit"><c>closed</c> (it is asked), <c>open</c> (it failed too often and is left alone), <c>half_open</c> (one question tries it), or <c>off</c>.</param>
/// <param name="Active">Calls that run.</param>
/// <param name="MaxActive">How many may run at once; null for any number.</param>
/// <param name="TimeToFirstTokenMs">What it took lately, in milliseconds; null where nothing was measured.</param>
/// <param name="Succeeded">Calls that ended in a whole answer, since the start.</param>
/// <param name="Failed">Calls that failed, since the start.</param>
public sealed record TargetStatus(
    string Model, string Provider, string? TargetModel, string Circuit, int Active, int? MaxActive, double? TimeToFirstTokenMs, long Succeeded, long Failed);
