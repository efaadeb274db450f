using System.Buffers;
using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>What a client has of an answer in the end.</summary>
internal sealed class HeardAnswer(bool takesReset) : IShownAnswer
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private byte[] _first = [];
    private byte[] _usage = [];
    private int _pieces;
    private bool _isPartial;

    public string Text => SpokenText.Read(_text.WrittenSpan);

    public List<string> Chunks { get; } = [];

    public List<ChatChunkKind> Status { get; } = [];

    public bool TakesReset => takesReset;

    public int Resets { get; private set; }

    public bool IsDone { get; private set; }

    public ChatProviderException? Error { get; private set; }

    /// <summary>How the answer broke off at first, where that is what it failed with in the end.</summary>
    public string? Broken => (Error?.InnerException ?? Error)?.Message;

    public static async Task<HeardAnswer> OfAsync(FailoverBench bench, ChatRequest request, bool takesReset = false, CancellationToken? cancel = null)
    {
        var heard = new HeardAnswer(takesReset);
        try
        {
            await foreach (var chunk in bench.Provider.StreamAsync(request.ShownBy(heard), cancel ?? TestContext.Current.CancellationToken))
            {
                heard.Add(chunk);
            }
        }
        catch (ChatProviderException e)
        {
            heard.Error = e;
        }

        Assert.Equal(heard.Error is null, heard.IsDone);
        return heard;
    }

    AnswerSoFar? IShownAnswer.Read() => _isPartial ? null : new AnswerSoFar(_text.WrittenSpan.ToArray(), _first, _pieces, _usage);

    private void Add(ChatChunk chunk)
    {
        if (chunk.IsStatus)
        {
            Status.Add(chunk.Kind);
        }
        else if (chunk.Kind == ChatChunkKind.Reset)
        {
            Resets++;
            (_first, _pieces) = ([], 0);
            _text.ResetWrittenCount();
            Chunks.Clear();
        }
        else if (chunk.Kind == ChatChunkKind.Done)
        {
            IsDone = true;
        }
        else if (chunk.Kind != ChatChunkKind.Heartbeat)
        {
            var view = chunk.View;
            _first = _first.Length == 0 && !view.Content.IsEmpty ? chunk.Json.ToArray() : _first;
            _usage = view.Usage.IsEmpty ? _usage : view.Usage.ToArray();
            _pieces += view.Content.IsEmpty ? 0 : 1;
            _isPartial |= (view.Choices & ~1UL) != 0;
            Chunks.Add(Encoding.UTF8.GetString(chunk.Json.Span));
            _text.Write(view.Content);
        }
    }
}
