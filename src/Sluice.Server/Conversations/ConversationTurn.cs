using Sluice.Chat;

namespace Sluice.Server.Conversations;

/// <summary>One question and its answer: from the request that asks it until its ending is stored.</summary>
/// <param name="keeper">Stores it.</param>
/// <param name="time">The clock.</param>
internal sealed class ConversationTurn(ConversationKeeper keeper, TimeProvider time) : IConversationTurn
{
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<ConversationMessage> _messages = [];
    private IKeptAnswer? _answer;
    private long _begun;
    private bool _isBegun;

    /// <inheritdoc/>
    public required string ConversationId { get; init; }

    /// <inheritdoc/>
    public required string QuestionId { get; init; }

    /// <inheritdoc/>
    public string AnswerId { get; } = Conversations.ConversationId.NewMessage();

    /// <summary>See <see cref="TakeMessages"/>.</summary>
    public required IReadOnlyList<ConversationMessage> Messages { init => _messages = value; }

    /// <summary>Whose it is.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether the conversation begins with it.</summary>
    public bool IsNew { get; init; }

    /// <summary>What the conversation is called where it has no name yet.</summary>
    public required string Title { get; init; }

    /// <summary>The message that the question follows; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>What is asked; null where a stored question is answered once more.</summary>
    public string? Question { get; init; }

    /// <summary>The answer. Only once it has begun.</summary>
    public IKeptAnswer Answer => _answer!;

    /// <summary>Whether what has been stored of the answer is unknown: then all of it is stored again.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>From the question to the end.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Completes when the ending has been stored, or will never be.</summary>
    public Task Stored => _stored.Task;

    /// <inheritdoc/>
    public IReadOnlyList<ConversationMessage> TakeMessages() => Interlocked.Exchange(ref _messages, []);

    /// <inheritdoc/>
    public async Task BeginAsync(IKeptAnswer answer)
    {
        _answer = answer;
        _begun = time.GetTimestamp();
        try
        {
            await keeper.BeginAsync(this);
            _isBegun = true;
        }
        finally
        {
            if (!_isBegun)
            {
                Forget();
            }
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        if (_isBegun)
        {
            Duration = time.GetElapsedTime(_begun);
            keeper.End(this);
        }
    }

    /// <summary>Nothing more is stored of it.</summary>
    public void Forget()
    {
        _answer?.Dispose();
        _stored.TrySetResult();
    }
}
