using CsCheck;
using Sluice.Chat;
using Sluice.Server.Conversations;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>What both databases do alike.</summary>
public sealed class StoreTests(PostgresServer postgres)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Databases => StoreBench.Databases;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Answer_GrowsPieceByPiece_AndEndsWhole(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var turn = await bench.BeginAsync("q\0\ud800");
        await bench.Answers.AddAsync([(turn.AnswerId, new AnswerGrowth(IsReset: false, "one ", "r"))], Token);
        await bench.Answers.AddAsync([(turn.AnswerId, new AnswerGrowth(IsReset: false, "two\0", "s"))], Token);
        var running = (await bench.MessagesAsync(turn.ConversationId))[1];
        Assert.Equal(("running", "one two\ufffd", "rs", "st_x", "m"), (running.State, running.Content, running.Reasoning, running.Stream, running.Model));
        await bench.Answers.AddAsync([(turn.AnswerId, new AnswerGrowth(IsReset: true, "anew", ""))], Token);
        Assert.Equal("anew", (await bench.MessagesAsync(turn.ConversationId))[1].Content);
        var ending = new AnswerEnding
        {
            State = "failed", Text = "anew, whole", Reasoning = "x", ToolCalls = "[]", FinishReason = "stop", Usage = "{}", Model = "real", TimeToFirstToken = TimeSpan.FromMilliseconds(1.5), Attempts = 3,
            Error = new ChatProviderException(ChatErrorKind.Truncated, "why\0"),
        };
        Assert.True(await bench.Answers.EndAsync(turn.AnswerId, ending, TimeSpan.FromSeconds(2), Token));
        var messages = await bench.MessagesAsync(turn.ConversationId);
        Assert.Equal("q\ufffd\ufffd", messages[0].Content);
        Assert.Equal(
            new Message
            {
                Id = turn.AnswerId, Parent = turn.QuestionId, Role = "assistant", Content = "anew, whole", Reasoning = "x", State = "failed", IsPartial = true, Model = "real", Stream = "st_x", FinishReason = "stop",
                ErrorCode = "upstream_truncated", ErrorMessage = "why\ufffd", Usage = "{}", ToolCalls = "[]", TimeToFirstToken = 1.5, Duration = 2000, Attempts = 3, Created = bench.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            messages[1]);

        // What comes late changes nothing.
        await bench.Answers.AddAsync([(turn.AnswerId, new AnswerGrowth(IsReset: false, "late", ""))], Token);
        Assert.Equal("anew, whole", (await bench.MessagesAsync(turn.ConversationId))[1].Content);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Answer_WhoseServerDied_IsInterrupted_WithWhatWasStored(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var (dead, other) = (bench.AnotherServer(), bench.AnotherServer());
        await dead.RenewAsync(-Lease, Token);
        await other.RenewAsync(Lease, Token);
        var lost = await bench.BeginAsync("lost", server: dead);
        var kept = await bench.BeginAsync("kept", server: other);
        var forgotten = await bench.BeginAsync("forgotten", server: bench.Answers);
        await bench.Answers.AddAsync([(lost.AnswerId, new AnswerGrowth(IsReset: false, "so far", "r")), (kept.AnswerId, new AnswerGrowth(IsReset: false, "k", ""))], Token);
        Assert.Equal(2, await bench.Answers.JudgeAsync(OtherServers.Leased, static _ => false, Token));
        Assert.Equal(0, await bench.Answers.JudgeAsync(OtherServers.Leased, static _ => false, Token));
        var answer = (await bench.MessagesAsync(lost.ConversationId))[1];
        Assert.Equal(("failed", true, "interrupted", "so far", "r"), (answer.State, answer.IsPartial, answer.ErrorCode, answer.Content, answer.Reasoning));
        Assert.Equal("failed", (await bench.MessagesAsync(forgotten.ConversationId))[1].State);
        Assert.Equal("running", (await bench.MessagesAsync(kept.ConversationId))[1].State);
        Assert.Single(await bench.SearchAsync("so far"));

        // Who was thought dead and is not has the last word.
        Assert.True(await dead.EndAsync(lost.AnswerId, new AnswerEnding { State = "done", Text = "so far, and whole" }, default, Token));
        answer = (await bench.MessagesAsync(lost.ConversationId))[1];
        Assert.Equal(("done", false, null, "so far, and whole"), (answer.State, answer.IsPartial, answer.ErrorCode, answer.Content));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Alone_EveryOtherServerIsDead(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var other = bench.AnotherServer();
        await other.RenewAsync(Lease, Token);
        var turn = await bench.BeginAsync("q", server: other);
        Assert.Equal(1, await bench.Answers.JudgeAsync(OtherServers.Dead, static _ => true, Token));
        Assert.Equal("interrupted", (await bench.MessagesAsync(turn.ConversationId))[1].ErrorCode);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Conversation_IsItsOwnersAlone(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var turn = await bench.AskAsync("secret", "answer", "ann");
        Assert.Null(await bench.Store.GetAsync("ben", turn.ConversationId, Token));
        Assert.Null(await bench.Store.UpdateAsync("ben", turn.ConversationId, "t", null, Token));
        Assert.Null(await bench.Answers.BranchAsync("ben", turn.ConversationId, null, Token));
        Assert.Equal(0, await bench.Store.DeleteAsync("ben", turn.ConversationId, Token));
        Assert.Equal(0, await bench.Store.DeleteAsync("ben", null, Token));
        Assert.Empty((await bench.Store.ListAsync("ben", 30, null, Token))!.Value.Conversations);
        Assert.Null(await bench.Store.ListAsync("ben", 30, turn.ConversationId, Token));
        Assert.Empty(await bench.SearchAsync("secret", "ben"));
        using var answer = new StoreBench.StillAnswer();
        Assert.False(await bench.Answers.BeginAsync(bench.Turn("q", "ben", turn.ConversationId), answer, Token));
        Assert.Equal(2, (await bench.MessagesAsync(turn.ConversationId, "ann")).Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Delete_TakesAllWithIt(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var turn = await bench.AskAsync("first words", "answer");
        var running = await bench.BeginAsync("second words");
        await bench.Answers.AddAsync([(running.AnswerId, new AnswerGrowth(IsReset: false, "x", ""))], Token);
        Assert.Equal(1, await bench.Store.DeleteAsync("o", running.ConversationId, Token));
        Assert.False(await bench.Answers.EndAsync(running.AnswerId, new AnswerEnding { State = "done", Text = "late words" }, default, Token));
        await bench.Answers.AddAsync([(running.AnswerId, new AnswerGrowth(IsReset: false, "x", ""))], Token);
        Assert.Equal(turn.ConversationId, Assert.Single(await bench.SearchAsync("words")).Conversation.Id);
        Assert.Equal(1, await bench.Store.DeleteAsync("o", null, Token));
        foreach (var table in new[] { "conversation", "message", "piece", "search" })
        {
            Assert.Equal(0, await bench.Database.ReadAsync(session => session.NumberAsync($"SELECT count(*) FROM {table}"), Token));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tree_EveryBranchIsThePathToItsLeaf(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        await Gen.Int[0, 40].List[1, 25].SampleAsync(
            async places =>
            {
                // Each message hangs on one of those before it, or on none.
                var ids = places.Select(_ => ConversationId.NewMessage()).ToList();
                var parents = places.Select((place, i) => place % (i + 1) is 0 ? null : ids[(place % (i + 1)) - 1]).ToList();
                var messages = ids.Select((id, i) => new Message { Id = id, Parent = parents[i], Role = i % 2 == 0 ? "user" : "assistant", Content = $"{i}" }).ToList();
                var made = (await bench.Store.CreateAsync("o", "t", messages, ids[^1], Token))!.Value;
                Assert.Equal(ids, made.Messages.Select(message => message.Id));
                foreach (var leaf in Enumerable.Range(0, ids.Count))
                {
                    var path = new List<string>();
                    for (var at = ids[leaf]; at is not null; at = parents[ids.IndexOf(at)])
                    {
                        path.Insert(0, at);
                    }

                    Assert.Equal(path, (await bench.Answers.BranchAsync("o", made.Conversation.Id, ids[leaf], Token))!.Select(message => message.Id));
                }
            },
            iter: 8, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Branch_OfAnotherConversationsMessage_IsEmpty(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var (one, other) = (await bench.AskAsync("a", "b"), await bench.AskAsync("c", "d"));
        Assert.Empty((await bench.Answers.BranchAsync("o", one.ConversationId, other.AnswerId, Token))!);
        Assert.Equal(one.AnswerId, (await bench.Store.UpdateAsync("o", one.ConversationId, null, other.AnswerId, Token))!.Head);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Many_AtOnce_AreAllStored(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var shared = await bench.AskAsync("shared", "x");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var turn = await bench.AskAsync($"question{i}", $"answer{i}", conversation: i % 2 == 0 ? shared.ConversationId : null);
            await bench.Answers.AddAsync([(turn.AnswerId, new AnswerGrowth(IsReset: false, "late", ""))], Token);
            if (i % 10 == 1)
            {
                await bench.Store.DeleteAsync("o", turn.ConversationId, Token);
            }
        })));
        Assert.Equal(2 + 60, (await bench.MessagesAsync(shared.ConversationId)).Count);
        Assert.Equal(1 + 30 - 6, (await bench.Store.ListAsync("o", 100, null, Token))!.Value.Conversations.Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Write_ThatFails_LeavesNothing_AndHarmsNoOther(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var turn = await bench.AskAsync("q", "a");
        var writes = Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? bench.Database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("UPDATE conversation SET title = 'broken'");
                    return await session.ExecuteAsync("INSERT INTO nothing VALUES (1)");
                },
                isDurable: true, Token)
            : bench.Database.WriteAsync(session => session.ExecuteAsync("UPDATE conversation SET head = head"), isDurable: false, Token)).ToList();
        for (var i = 0; i < writes.Count; i++)
        {
            if (i % 2 == 0)
            {
                await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => writes[i]);
            }
            else
            {
                Assert.Equal(1, await writes[i]);
            }
        }

        Assert.Equal("q", (await bench.Store.GetAsync("o", turn.ConversationId, Token))!.Value.Conversation.Title);
    }
}
