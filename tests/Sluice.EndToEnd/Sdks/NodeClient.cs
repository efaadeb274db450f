using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Sdks;

/// <summary>What a JavaScript client saw of one answer.</summary>
/// <param name="Text">Its text.</param>
/// <param name="FinishReason">Why it ended; null where it broke off.</param>
/// <param name="Usage">The token counts.</param>
/// <param name="ToolCalls">The tool calls, their pieces joined.</param>
/// <param name="Chunks">How many pieces the client handed over.</param>
/// <param name="Error">What it raised.</param>
internal sealed record NodeClient(string Text, string? FinishReason, JsonElement? Usage, IReadOnlyList<NodeClient.Call> ToolCalls, int Chunks, NodeClient.Failure? Error)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Asks, in a process of its own.</summary>
    /// <param name="package">The client's package.</param>
    /// <param name="what"><c>stream</c>, <c>complete</c> or <c>tools</c>.</param>
    /// <param name="server">Whom to ask.</param>
    /// <param name="model">The model.</param>
    public static async Task<NodeClient> AskAsync(string package, string what, Uri server, string model)
    {
        var script = package == "ai" ? "ai.mjs" : "openai.mjs";
        var run = await CommandRun.RunAsync(new ProcessStartInfo("node", [script, package, what, new Uri(server, "/v1").ToString(), model]) { WorkingDirectory = Paths.NodeSdks });
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonSerializer.Deserialize<NodeClient>(run.Output, Web)!;
    }

    /// <summary>A tool call.</summary>
    /// <param name="Name">The tool.</param>
    /// <param name="Arguments">Its arguments, as JSON.</param>
    internal sealed record Call(string Name, string Arguments);

    /// <summary>What the client raised.</summary>
    /// <param name="Name">The kind of error.</param>
    /// <param name="Message">Its words.</param>
    /// <param name="Status">The HTTP status, where there was one.</param>
    /// <param name="Code">The code, where the client tells it.</param>
    internal sealed record Failure(string Name, string Message, int? Status, string? Code);
}
