namespace Sluice.Chat;

/// <summary>An answer that can be read while it comes, and whole when it has ended, until it is disposed: by one reader, on any thread but a socket's.</summary>
internal interface IKeptAnswer : IDisposable
{
    /// <summary>The stream that carries it.</summary>
    string StreamId { get; }

    /// <summary>The model, as asked for.</summary>
    string Model { get; }

    /// <summary>Whether it has ended. From the moment on at which anyone may learn of it.</summary>
    bool HasEnded { get; }

    /// <summary>Reads what has come since the last time.</summary>
    AnswerGrowth ReadOn();

    /// <summary>Reads all that has come so far, as if nothing had been read before.</summary>
    AnswerGrowth ReadAnew();

    /// <summary>Reads what became of it. Only after <see cref="IConversationTurn.End"/>.</summary>
    AnswerEnding ReadEnding();

    /// <summary>Stops it, where it still runs.</summary>
    void Cancel();
}
