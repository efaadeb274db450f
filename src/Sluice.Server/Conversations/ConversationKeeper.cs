using System.Collections.Concurrent;
using System.Data.Common;
using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Server.Conversations;

/// <summary>Carries questions and answers into the store: the question before the model is asked, the answer while it comes and when it has ended. Never on a socket's thread.</summary>
internal sealed class ConversationKeeper(ConversationStore store, AnswerStore answers, TimeProvider time, ILogger<ConversationKeeper> logger, EndpointOptions? limits = null) : IConversations
{
    /// <summary>How long a title may be, in UTF-16 code units, that is made out of a question.</summary>
    public const int MaxMadeTitle = 60;

    private static readonly TimeSpan MaxBegin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxSettle = TimeSpan.FromSeconds(5);

    // Between one try to store an ending and the next.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)];

    private readonly EndpointOptions _limits = limits ?? new EndpointOptions();
    private readonly ConcurrentDictionary<string, ConversationTurn> _live = new(StringComparer.Ordinal);

    /// <summary>The conversations.</summary>
    public ConversationStore Store => store;

    /// <summary>Answers that run, or whose ending is not stored yet.</summary>
    public ICollection<ConversationTurn> Live => _live.Values;

    /// <summary>Whether an answer runs here, or its ending is yet to be stored.</summary>
    public bool IsLive(string answer) => _live.ContainsKey(answer);

    /// <inheritdoc/>
    public async Task<IConversationTurn> PrepareAsync(Caller caller, ConversationPlace place, string? question, CancellationToken cancellationToken)
    {
        question = question is null ? null : StoredText.Clean(question);
        if (place.Conversation == ConversationPlace.New)
        {
            return Turn(caller, Conversations.ConversationId.NewConversation(), [], parent: null, question!, isNew: true);
        }

        if (!ConversationId.IsConversation(place.Conversation))
        {
            throw ConversationErrors.NotFound();
        }

        var leaf = place.Regenerate ?? place.Parent;
        if (leaf is not null && leaf != ConversationPlace.Root && !ConversationId.IsMessage(leaf))
        {
            throw ConversationErrors.NoMessage(place);
        }

        var branch = await BranchAsync(caller.Id, place.Conversation, leaf, cancellationToken);
        if (leaf is not (null or ConversationPlace.Root) && branch.Count == 0)
        {
            throw ConversationErrors.NoMessage(place);
        }

        if (place.Regenerate is not null)
        {
            return branch[^1].Role == Message.User
                ? Again(caller, place.Conversation, branch)
                : throw new ChatRequestException("`regenerate` must name a question, a message of the role `user`.") { Param = "regenerate" };
        }

        return branch is [.., { State: Message.Running }]
            ? throw new ChatRequestException("The answer that this question would follow is still coming. Wait for its end, or cancel it.") { Status = 409, Code = "answer_running", Param = "parent" }
            : Turn(caller, place.Conversation, branch, branch is [.., var last] ? last.Id : null, question!, isNew: false);
    }

    /// <summary>Stores a question and an answer that runs.</summary>
    /// <exception cref="ChatProviderException">It could not be stored.</exception>
    public async Task BeginAsync(ConversationTurn turn)
    {
        var isStored = false;
        _live[turn.AnswerId] = turn;
        try
        {
            using var limit = new CancellationTokenSource(MaxBegin, time);
            isStored = await answers.BeginAsync(turn, turn.Answer, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is DbException or OperationCanceledException)
        {
            ConversationMessages.NotBegun(logger, e);
            throw ConversationErrors.Unavailable(e);
        }
        finally
        {
            if (!isStored)
            {
                _live.TryRemove(turn.AnswerId, out _);
            }
        }

        if (!isStored)
        {
            throw new ChatProviderException(ChatErrorKind.Unavailable, "The conversation was deleted a moment ago.") { IsRetryable = false };
        }
    }

    /// <summary>Stores what became of an answer, in its own time.</summary>
    public void End(ConversationTurn turn) => _ = Task.Run(() => EndAsync(turn));

    /// <summary>Waits until all that has ended in a conversation is stored, so that whoever has seen an ending finds it.</summary>
    /// <param name="owner">Whose conversation it is.</param>
    /// <param name="conversation">Its name; null for all of the owner's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SettleAsync(string owner, string? conversation, CancellationToken cancellationToken)
    {
        var ended = _live.Values.Where(turn => turn.Owner == owner && (conversation is null || turn.ConversationId == conversation) && turn.Answer.HasEnded).Select(static turn => turn.Stored).ToList();
        if (ended.Count > 0)
        {
            await Task.WhenAny(Task.WhenAll(ended), Task.Delay(MaxSettle, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Stops the answers that run in a conversation.</summary>
    /// <param name="owner">Whose conversation it is.</param>
    /// <param name="conversation">Its name; null for all of the owner's.</param>
    public void Cancel(string owner, string? conversation)
    {
        foreach (var turn in _live.Values.Where(turn => turn.Owner == owner && (conversation is null || turn.ConversationId == conversation)))
        {
            turn.Answer.Cancel();
        }
    }

    /// <summary>Stores what has come of running answers since the last time. One that was deleted meanwhile, here or on another server, is stopped.</summary>
    /// <exception cref="DbException">The database fails.</exception>
    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        var grown = new List<(ConversationTurn Turn, AnswerGrowth Growth)>();
        foreach (var turn in _live.Values.Where(static turn => !turn.Answer.HasEnded))
        {
            // What could not be stored is stored again, with all before it. Until it is known to be stored, it is not.
            var isUncertain = turn.IsUncertain;
            turn.IsUncertain = true;
            var growth = isUncertain ? turn.Answer.ReadAnew() : turn.Answer.ReadOn();
            if (growth.IsNothing)
            {
                turn.IsUncertain = false;
            }
            else
            {
                grown.Add((turn, growth));
            }
        }

        if (grown.Count == 0)
        {
            return;
        }

        var gone = await answers.AddAsync([.. grown.Select(static pair => (pair.Turn.AnswerId, pair.Growth))], cancellationToken);
        foreach (var (turn, _) in grown)
        {
            turn.IsUncertain = false;
            if (gone.Contains(turn.AnswerId, StringComparer.Ordinal))
            {
                // Its end lets go of it.
                turn.Answer.Cancel();
            }
        }
    }

    private async Task EndAsync(ConversationTurn turn)
    {
        try
        {
            var ending = turn.Answer.ReadEnding();
            for (var tries = 0; !await TryEndAsync(turn, ending, isLast: tries == Pauses.Length) && tries < Pauses.Length; tries++)
            {
                await Task.Delay(Pauses[tries], time);
            }
        }
        catch (Exception e)
        {
            // Nobody waits for this task: what went wrong belongs in the log, and the answer is found as interrupted.
            ConversationMessages.EndingLost(logger, e, turn.AnswerId);
        }
        finally
        {
            _live.TryRemove(turn.AnswerId, out _);
            turn.Forget();
        }
    }

    private async Task<bool> TryEndAsync(ConversationTurn turn, AnswerEnding ending, bool isLast)
    {
        try
        {
            await answers.EndAsync(turn.AnswerId, ending, turn.Duration, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (!isLast)
        {
            // Whatever it is: a driver throws more than it says, and an ending is not given up for that.
            ConversationMessages.EndingNotStored(logger, e, turn.AnswerId);
            return false;
        }
    }

    private async Task<IReadOnlyList<Message>> BranchAsync(string owner, string conversation, string? leaf, CancellationToken cancellationToken)
    {
        await SettleAsync(owner, conversation, cancellationToken);
        try
        {
            // Looked at before it is read: a history grows without bounds, turn by turn, and each question would carry all of it.
            if (await store.BranchBytesAsync(owner, conversation, leaf, cancellationToken) > _limits.MaxRequestBytes)
            {
                throw ConversationErrors.TooLong();
            }

            return await answers.BranchAsync(owner, conversation, leaf, cancellationToken) ?? throw ConversationErrors.NotFound();
        }
        catch (DbException e)
        {
            ConversationMessages.NotRead(logger, e);
            throw ConversationErrors.Unavailable(e);
        }
    }

    private ConversationTurn Turn(Caller caller, string conversation, IReadOnlyList<Message> branch, string? parent, string question, bool isNew) => new(this, time)
    {
        ConversationId = conversation,
        QuestionId = Conversations.ConversationId.NewMessage(),
        Owner = caller.Id,
        IsNew = isNew,
        Title = StoredText.Beginning(question, MaxMadeTitle),
        Parent = parent,
        Question = question,
        Messages = [.. Told(branch), new ConversationMessage(Message.User, question)],
    };

    private ConversationTurn Again(Caller caller, string conversation, IReadOnlyList<Message> branch) => new(this, time)
    {
        ConversationId = conversation,
        QuestionId = branch[^1].Id,
        Owner = caller.Id,
        Title = StoredText.Beginning(branch[^1].Content, MaxMadeTitle),
        Messages = [.. Told(branch)],
    };

    // Answers that came to nothing say nothing; their questions stay.
    private static IEnumerable<ConversationMessage> Told(IEnumerable<Message> branch) =>
        branch.Where(static message => message.Role != Message.Assistant || message.Content.Length > 0).Select(static message => new ConversationMessage(message.Role, message.Content));
}
