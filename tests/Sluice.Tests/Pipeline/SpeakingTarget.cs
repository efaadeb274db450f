using System.Text.Json;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>An upstream that says a text, and breaks off where it is told to. Asked to continue one, it says the rest of it.</summary>
internal sealed class SpeakingTarget(string text, string name = "c") : IChatProvider
{
    public Random Random { get; init; } = new(1);

    /// <summary>After how many code units each call breaks off; null for not at all, which holds from the last one on.</summary>
    public int?[] Breaks { get; init; } = [null];

    public ChatErrorKind BreaksWith { get; init; } = ChatErrorKind.Truncated;

    public bool TakesPrefix { get; init; }

    /// <summary>Whether it takes what it was sent for its own whole answer, and only says that it is done.</summary>
    public bool IsDoneAtPrefix { get; init; }

    /// <summary>How much of what it was sent it says once more.</summary>
    public int Repeats { get; init; }

    public string? Usage { get; init; }

    public List<ChatRequest> Requests { get; } = [];

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        var script = new Script().Chunk($$$"""{"id":"{{{name}}}","created":{{{Requests.Count}}},"model":"m-{{{name}}}","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""");
        var said = text;
        if (Prefix(request) is { } prefix)
        {
            if (!TakesPrefix)
            {
                return new Support.ScriptedProvider(new Script().Fail(new ChatProviderException(ChatErrorKind.InvalidRequest, "no prefix") { UpstreamStatus = 400 })).StreamAsync(request, cancellationToken);
            }

            said = IsDoneAtPrefix ? "" : text[Math.Max(0, prefix.Length - Repeats)..];
        }

        var end = Breaks[Math.Min(Requests.Count, Breaks.Length) - 1];
        foreach (var piece in SpokenText.Pieces(end is { } cut ? said[..Math.Min(cut, said.Length)] : said, Random))
        {
            script.Chunk($$$"""{"id":"{{{name}}}","created":{{{Requests.Count}}},"model":"m-{{{name}}}","choices":[{"index":0,"delta":{"content":"{{{piece}}}"}}]}""");
        }

        if (end is not null)
        {
            script.Fail(new ChatProviderException(BreaksWith, $"{name} broke off"));
        }
        else
        {
            script.Chunk($$$"""{"id":"{{{name}}}","created":{{{Requests.Count}}},"model":"m-{{{name}}}","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            _ = Usage is null ? script : script.Chunk($$$"""{"id":"{{{name}}}","choices":[],"usage":{{{Usage}}}}""");
            script.Done();
        }

        return new Support.ScriptedProvider(script).StreamAsync(request, cancellationToken);
    }

    private static string? Prefix(ChatRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.TryGetProperty("messages", out var messages) && messages.EnumerateArray().Last() is var last && last.GetProperty("role").GetString() == "assistant"
            ? last.GetProperty("content").GetString() : null;
    }
}
