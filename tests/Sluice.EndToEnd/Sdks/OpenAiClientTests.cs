using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Sdks;

/// <summary>NuGet <c>OpenAI</c>: the official client for .NET.</summary>
public sealed class OpenAiClientTests(Gateway gateway)
{
    private static readonly ChatMessage[] Question = [new UserChatMessage("你好")];

    // Shorter with Bella: this client fails on its empty finish reasons, which pass through as everything does (docs/troubleshooting.md).
    [Theory]
    [InlineData("up/sim-500-0", 500)]
    [InlineData("bella/sim-5-0", 5)]
    public async Task Stream_GivesTheWholeTextAndUsage(string model, int tokens)
    {
        var (upstream, name) = gateway.Behind(model);
        var text = await Asking.WholeTextAsync(upstream.Address, name);

        var seen = await StreamAsync(model);

        Assert.Equal(text, seen.Text.ToString());
        Assert.Equal(ChatFinishReason.Stop, seen.FinishReason);
        Assert.Equal(tokens, seen.OutputTokens);
    }

    [Theory]
    [InlineData("up/sim-500-0")]
    [InlineData("bella/sim-500-0")]
    public async Task WholeAnswer_GivesTheWholeTextAndUsage(string model)
    {
        var (upstream, name) = gateway.Behind(model);

        var answer = await Client(model).CompleteChatAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(await Asking.WholeTextAsync(upstream.Address, name), answer.Value.Content[0].Text);
        Assert.Equal(500, answer.Value.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task ToolCalls_AreWhole()
    {
        var seen = await StreamAsync("up/sim-60-0-tools", new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("get_weather") } });

        Assert.Equal(ChatFinishReason.ToolCalls, seen.FinishReason);
        var first = JsonSerializer.Deserialize<JsonElement>(seen.Tools[0].ToString());
        Assert.Equal("北京", first.GetProperty("city").GetString());
        Assert.Equal("a \"quoted\" 🚀", first.GetProperty("note").GetString());
        Assert.Equal("""{"city":"上海","days":3}""", seen.Tools[1].ToString());
    }

    [Theory]
    [InlineData("up/sim-60-2000-cut")]
    [InlineData("up/sim-60-0-cut-fin")]
    [InlineData("up/sim-60-0-cut-clean")]
    [InlineData("up/sim-60-0-error-chunk")]
    [InlineData("bella/sim-5-0-cut-clean")]
    [InlineData("bella/sim-5-0-bella-error")]
    public async Task BrokenAnswer_Raises(string model)
    {
        var seen = new Seen();

        // This client takes an error frame before a clean end for success: only the unclean end makes it raise.
        var error = await Assert.ThrowsAnyAsync<Exception>(() => StreamAsync(model, seen: seen));

        // What it throws when it cannot read a finish reason: that would be no proof.
        Assert.IsNotType<ArgumentOutOfRangeException>(error);

        Assert.StartsWith("你好，0 世界1 ", seen.Text.ToString(), StringComparison.Ordinal);
        Assert.Null(seen.FinishReason);
    }

    [Theory]
    [InlineData("up/sim-60-0-429", 429)]
    [InlineData("up/sim-60-0-context-length", 400)]
    [InlineData("up/sim-60-0-auth", 502)]
    [InlineData("up/sim-60-0-500", 502)]
    [InlineData("nobody/has-this", 404)]
    public async Task FailureBeforeTheFirstToken_RaisesWithItsStatus(string model, int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => StreamAsync(model));

        Assert.Equal(status, error.Status);
    }

    [Fact]
    public async Task Models_AreListed()
    {
        var models = await new OpenAIClient(new ApiKeyCredential("unused"), Options()).GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(models.Value);
    }

    private OpenAIClientOptions Options() => new() { Endpoint = new Uri(gateway.Server.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(0) };

    private ChatClient Client(string model) => new(model, new ApiKeyCredential("unused"), Options());

    private async Task<Seen> StreamAsync(string model, ChatCompletionOptions? options = null, Seen? seen = null)
    {
        seen ??= new Seen();
        await foreach (var update in Client(model).CompleteChatStreamingAsync(Question, options, TestContext.Current.CancellationToken))
        {
            foreach (var part in update.ContentUpdate)
            {
                seen.Text.Append(part.Text);
            }

            foreach (var call in update.ToolCallUpdates)
            {
                while (seen.Tools.Count <= call.Index)
                {
                    seen.Tools.Add(new StringBuilder());
                }

                seen.Tools[call.Index].Append(call.FunctionArgumentsUpdate?.ToString());
            }

            seen.FinishReason = update.FinishReason ?? seen.FinishReason;
            seen.OutputTokens = update.Usage?.OutputTokenCount ?? seen.OutputTokens;
        }

        return seen;
    }

    private sealed class Seen
    {
        public StringBuilder Text { get; } = new();

        public List<StringBuilder> Tools { get; } = [];

        public ChatFinishReason? FinishReason { get; set; }

        public int? OutputTokens { get; set; }
    }
}
