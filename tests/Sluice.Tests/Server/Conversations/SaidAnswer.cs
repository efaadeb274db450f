using Sluice.Chat;

namespace Sluice.Tests.Server.Conversations;

/// <summary>An answer of which one more piece comes each time that it is read.</summary>
internal sealed class SaidAnswer(params string[] pieces) : IKeptAnswer
{
    private int _read;
    private int _readAnew;

    public bool IsDisposed { get; private set; }

    public bool IsCancelled { get; private set; }

    /// <summary>How often all of it has been read.</summary>
    public int ReadsAnew => Volatile.Read(ref _readAnew);

    public string StreamId => "st_x";

    public string Model => "m";

    public bool HasEnded => false;

    public AnswerGrowth ReadOn() => new(IsReset: false, _read < pieces.Length ? pieces[_read++] : "", "");

    public AnswerGrowth ReadAnew()
    {
        Interlocked.Increment(ref _readAnew);
        return new(IsReset: true, string.Concat(pieces.Take(_read)), "");
    }

    public AnswerEnding ReadEnding() => new() { State = "done", Text = "said" };

    public void Cancel() => IsCancelled = true;

    public void Dispose() => IsDisposed = true;
}
