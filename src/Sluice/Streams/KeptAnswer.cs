using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>A stream's answer for whoever keeps it in a conversation. Read out of the stream's snapshot, which costs the producer nothing.</summary>
internal sealed class KeptAnswer : IKeptAnswer
{
    private readonly StreamSession _session;
    private int _resets;
    private int _text;
    private int _reasoning;
    private bool _isHeld;

    /// <param name="session">The stream, which the caller holds.</param>
    public KeptAnswer(StreamSession session)
    {
        _session = session;
        _isHeld = session.TryHold();
    }

    /// <inheritdoc/>
    public string StreamId => _session.Id.Value;

    /// <inheritdoc/>
    public string Model => _session.Model;

    /// <inheritdoc/>
    public bool HasEnded => _session.State != StreamState.Running;

    /// <inheritdoc/>
    public AnswerGrowth ReadOn() => TryRead(snapshot => snapshot.Resets != _resets);

    /// <inheritdoc/>
    public AnswerGrowth ReadAnew() => TryRead(static _ => true);

    /// <inheritdoc/>
    public AnswerEnding ReadEnding() => Read(_session.TrySnapshot() ?? throw new ObjectDisposedException(nameof(KeptAnswer)), snapshot => new AnswerEnding
    {
        State = _session.State switch
        {
            StreamState.Done => "done",
            StreamState.Cancelled => "cancelled",
            _ => "failed",
        },
        Text = EscapedText.Decode(snapshot.Text),
        Reasoning = EscapedText.Decode(snapshot.Reasoning),
        ToolCalls = snapshot.ToolCalls.Any ? Json(snapshot.ToolCalls) : null,
        FinishReason = snapshot.FinishReason.IsEmpty ? null : EscapedText.Decode(snapshot.FinishReason),
        Usage = snapshot.Usage.IsEmpty ? null : Encoding.UTF8.GetString(snapshot.Usage),
        Model = snapshot.Model.IsEmpty ? null : EscapedText.Decode(snapshot.Model),
        TimeToFirstToken = _session.Dialect.TimeToFirstToken,
        Attempts = _session.Dialect.Attempts,
        Error = _session.Error,
    });

    /// <inheritdoc/>
    public void Cancel() => _session.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isHeld)
        {
            _isHeld = false;
            _session.Release();
        }
    }

    private AnswerGrowth Grown(StreamSnapshot snapshot, bool isReset)
    {
        (_resets, _text, _reasoning) = isReset ? (snapshot.Resets, 0, 0) : (_resets, _text, _reasoning);

        // The half of a character waits for its other one.
        var text = EscapedText.WholeCharacters(snapshot.Text[_text..], out _);
        var reasoning = EscapedText.WholeCharacters(snapshot.Reasoning[_reasoning..], out _);
        (_text, _reasoning) = (_text + text.Length, _reasoning + reasoning.Length);
        return new AnswerGrowth(isReset, EscapedText.Decode(text), EscapedText.Decode(reasoning));
    }

    // Whoever ends the answer may dispose it in this very moment: then all of it has been read.
    private AnswerGrowth TryRead(Func<StreamSnapshot, bool> isReset) =>
        _session.TrySnapshot() is { } snapshot ? Read(snapshot, snapshot => Grown(snapshot, isReset(snapshot))) : new AnswerGrowth(IsReset: false, "", "");

    private static T Read<T>(StreamSnapshot snapshot, Func<StreamSnapshot, T> read)
    {
        T result = default!;
        snapshot.Read(snapshot => result = read(snapshot));
        return result;
    }

    private static string Json(ToolCalls calls)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            calls.WriteTo(json);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
