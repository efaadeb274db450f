using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

/// <summary>A call that reads another one, and does with what comes what the test says.</summary>
internal sealed class LayerCall : ChunkCall
{
    public LayerCall(IAsyncEnumerator<ChatChunk> inner, bool isDirect = true)
    {
        Inner = inner;
        IsDirect = isDirect;
    }

    /// <summary>Whether a text goes further.</summary>
    public Func<string, bool> Accepts { get; init; } = _ => true;

    /// <summary>What stands in a failure's place: a text or another failure.</summary>
    public Func<LayerCall, Exception, object> Instead { get; init; } = (_, error) => error;

    /// <summary>Just before a wait.</summary>
    public Action OnWaiting { get; init; } = () => { };

    /// <summary>The failures that it was asked about.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Goes on with another call.</summary>
    public void Read(IAsyncEnumerator<ChatChunk> inner) => Inner = inner;

    public override ValueTask DisposeAsync() => Inner!.DisposeAsync();

    protected override void Waiting() => OnWaiting();

    protected override bool TryTake(ref ChatChunk chunk, ref bool any) => !any || Accepts(Encoding.UTF8.GetString(chunk.Json.Span));

    protected override bool Recovers(ref Exception error, ref ChatChunk chunk)
    {
        Failures.Add(error.Message);
        switch (Instead(this, error))
        {
            case string text:
                chunk = ChatChunk.Completion(Encoding.UTF8.GetBytes(text));
                return true;
            case var other:
                error = (Exception)other;
                return false;
        }
    }
}
