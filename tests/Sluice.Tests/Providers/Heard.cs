using System.Text;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Tests.Providers;

/// <summary>Everything that came out of one call, copied, up to its end or failure.</summary>
internal sealed class Heard
{
    private readonly ChatTranscript _transcript = new();

    public List<(ChatChunkKind Kind, string Json)> All { get; } = [];

    /// <summary>The data chunks.</summary>
    public List<string> Chunks => [.. All.Where(chunk => chunk.Json.Length > 0).Select(chunk => chunk.Json)];

    public int Heartbeats => All.Count(chunk => chunk.Kind == ChatChunkKind.Heartbeat);

    public bool IsDone => All.Count(chunk => chunk.Kind == ChatChunkKind.Done) == 1 && All[^1].Kind == ChatChunkKind.Done && Error is null;

    public ChatProviderException? Error { get; private set; }

    /// <summary>The answer's text.</summary>
    public string Text => Decode(_transcript.Text);

    public string FinishReason => Encoding.UTF8.GetString(_transcript.FinishReason);

    public string Usage => Encoding.UTF8.GetString(_transcript.Usage);

    public static async Task<Heard> AllAsync(IChatProvider provider, ChatRequest request, CancellationToken cancellationToken)
    {
        var heard = new Heard();
        try
        {
            await foreach (ChatChunk chunk in provider.StreamAsync(request, cancellationToken))
            {
                heard.All.Add((chunk.Kind, Encoding.UTF8.GetString(chunk.Json.Span)));
                if (chunk.Kind != ChatChunkKind.Completion && !chunk.Json.IsEmpty)
                    heard._transcript.Add(chunk.View);
            }
        }
        catch (ChatProviderException e)
        {
            heard.Error = e;
        }

        return heard;
    }

    private static string Decode(ReadOnlySpan<byte> escaped)
    {
        using JsonDocument text = JsonDocument.Parse($"\"{Encoding.UTF8.GetString(escaped)}\"");
        return text.RootElement.GetString()!;
    }
}
