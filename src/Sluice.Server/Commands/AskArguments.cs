namespace Sluice.Server.Commands;

/// <summary>What `sluice ask` was asked.</summary>
/// <param name="Question">The question.</param>
/// <param name="Model">The model, or null for the server's default.</param>
/// <param name="Url">The server to ask, or null to answer in process.</param>
/// <param name="ConfigFile">One more configuration file for an answer in process, or null.</param>
/// <param name="Headers">Further request headers.</param>
internal sealed record AskArguments(
    string Question, string? Model, Uri? Url, string? ConfigFile, IReadOnlyList<KeyValuePair<string, string>> Headers);
