using System.Text.Json;
using Sluice.EndToEnd.Commands;
using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Conversations;

/// <summary>A server that is killed at any moment loses no question that it has taken, and passes no half answer off as a whole one.</summary>
[Collection(nameof(AloneTests))]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 50;
    private const int AtOnce = 5;

    // Mostly while much happens; sometimes when something of the answers has been stored already.
    private static readonly int[] MaxMilliseconds = [300, 300, 1500];

    private static readonly string[] Models = ["up/sim-20-0", "up/sim-40-5000", "up/sim-200-1000", "up/sim-2000-200", "up/sim-60-0-stall"];

    [Fact]
    public async Task Killed_AtAnyMoment_NothingThatWasTakenIsLost()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        await using var upstream = await ServerProcess.UpstreamAsync();
        var whole = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in Models)
        {
            whole[model] = await Asking.WholeTextAsync(upstream.Address, model.Split('/')[1].Replace("-stall", "", StringComparison.Ordinal));
        }

        var all = new List<Talk>();
        var (partial, complete) = (0, 0);
        var server = await ServeAsync(folder, upstream);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var asking = Enumerable.Range(0, AtOnce).Select(i => Talk.AskAsync(
                    server.Address, all.Count > 0 && i % 2 == 0 ? all[random.Next(all.Count)].Conversation : "new", $"round {round} question {i}", Models[random.Next(Models.Length)])).ToList();
                await Task.Delay(random.Next(MaxMilliseconds[round % MaxMilliseconds.Length]), TestContext.Current.CancellationToken);
                await server.KillAsync();
                var talks = (await Task.WhenAll(asking)).OfType<Talk>().ToList();
                all.AddRange(talks);
                await server.DisposeAsync();
                server = await ServeAsync(folder, upstream);
                var states = await CheckAsync(server, talks, whole);
                partial += states.Count(static isWhole => !isWhole);
                complete += states.Count(static isWhole => isWhole);
            }

            Assert.Equal(all.Count, (await CheckAsync(server, all, whole)).Count);
        }
        finally
        {
            await server.DisposeAsync();
        }

        output.WriteLine($"{all.Count} questions, {complete} whole answers, {partial} partial ones");

        // Otherwise nothing was tried.
        Assert.True(all.Count >= Rounds && complete > 0 && partial > 0, $"{all.Count} questions, {complete} whole answers, {partial} partial ones");
    }

    [Fact]
    public async Task Killed_WhileAnAnswerComes_WhatWasStoredOfItIsThere()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await ServerProcess.UpstreamAsync();
        await using var server = await ServeAsync(folder, upstream);
        var begun = new TaskCompletionSource<Talk>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = Talk.AskAsync(server.Address, "new", "q", "up/sim-60-0-stall", begun.SetResult);
        var talk = await begun.Task;
        var stored = await Eventually.IsAsync(async _ => Answer(await Talk.ReadAsync(server.Address, talk.Conversation), talk.Answer), static answer => Text(answer).Length > 0);
        Assert.Equal("running", stored.GetProperty("state").GetString());
        await server.KillAsync();
        await asking;
        await using var after = await ServeAsync(folder, upstream);
        var answer = Answer(await Talk.ReadAsync(after.Address, talk.Conversation), talk.Answer);
        Assert.Equal(Text(stored), Text(answer));
        Assert.Equal("failed", answer.GetProperty("state").GetString());
        Assert.True(answer.GetProperty("partial").GetBoolean());
        Assert.Equal("interrupted", answer.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Stopped_EndingsAreStoredBeforeTheProcessEnds()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await ServerProcess.UpstreamAsync();
        await using var server = await ServeAsync(folder, upstream);
        var begun = new TaskCompletionSource<Talk>(TaskCreationOptions.RunContinuationsAsynchronously);
        var finishing = Talk.AskAsync(server.Address, "new", "q", "up/sim-40-20000", begun.SetResult);
        await begun.Task;
        Assert.Equal(0, await server.TerminateAsync());
        var talk = (await finishing)!;
        Assert.True(talk.HasEnded);
        await using var after = await ServeAsync(folder, upstream);
        Assert.Equal("done", Answer(await Talk.ReadAsync(after.Address, talk.Conversation), talk.Answer).GetProperty("state").GetString());
    }

    private static Task<ServerProcess> ServeAsync(TemporaryFolder folder, ServerProcess upstream) => ServerProcess.ServeAsync(
        Gateway.Connect("up", "openai", upstream).Append((Name: "Sluice__Conversations__Database", Value: folder["conversations.db"])).ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal));

    // Whether each of the answers is whole.
    private static async Task<List<bool>> CheckAsync(ServerProcess server, List<Talk> talks, Dictionary<string, string> whole)
    {
        var conversations = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var id in talks.Select(static talk => talk.Conversation).Distinct(StringComparer.Ordinal))
        {
            conversations[id] = await Talk.ReadAsync(server.Address, id);
            Assert.False(conversations[id].GetProperty("running").GetBoolean());
        }

        return [.. talks.Select(talk => IsWhole(conversations[talk.Conversation], talk, whole[talk.Model]))];
    }

    private static bool IsWhole(JsonElement conversation, Talk talk, string whole)
    {
        Assert.Equal(talk.Text, Text(Answer(conversation, talk.Question)));
        var answer = Answer(conversation, talk.Answer);
        Assert.Equal(talk.Question, answer.GetProperty("parent").GetString());
        var text = Text(answer);
        if (!answer.GetProperty("partial").GetBoolean())
        {
            Assert.Equal("done", answer.GetProperty("state").GetString());
            Assert.Equal(whole, text);
            return true;
        }

        Assert.Equal("failed", answer.GetProperty("state").GetString());
        Assert.Equal("interrupted", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.StartsWith(text, whole, StringComparison.Ordinal);
        return false;
    }

    private static JsonElement Answer(JsonElement conversation, string id) => conversation.GetProperty("messages").EnumerateArray().Single(message => message.GetProperty("id").GetString() == id);

    private static string Text(JsonElement message) => message.GetProperty("content").GetString()!;
}
