using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Sluice.EndToEnd.Http;

namespace Sluice.EndToEnd.Sdks;

/// <summary>Real clients as judges: an answer whose target breaks off is whole, or the client notices. It never takes part of it for all of it.</summary>
public sealed class BrokenOffTests(FailoverGateway gateway, NodePackages packages)
{
    private static readonly string[] Faults = ["cut", "stall", "error-chunk"];

    public static MatrixTheoryData<string, string> PackagesAndFaults { get; } = new(["openai", "ai"], Faults);

    [Theory]
    [MemberData(nameof(PackagesAndFaults))]
    public async Task Node_IsWholeOrNoticed(string package, string fault)
    {
        await packages.ReadyAsync();

        var seen = await NodeClient.AskAsync(package, "stream", gateway.Server.Address, fault);

        await IsWholeOrNoticedAsync(seen.Text, seen.FinishReason, seen.Error is not null);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("stall")]
    [InlineData("error-chunk")]
    public async Task DotNet_IsWholeOrNoticed(string fault)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(gateway.Server.Address, "/v1"), RetryPolicy = new ClientRetryPolicy(0) };
        var client = new ChatClient(fault, new ApiKeyCredential("unused"), options);
        var text = new StringBuilder();
        string? finish = null;

        var error = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("你好")], cancellationToken: TestContext.Current.CancellationToken))
            {
                text.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
                finish = update.FinishReason?.ToString().ToLowerInvariant() ?? finish;
            }
        });

        await IsWholeOrNoticedAsync(text.ToString(), finish, error is not null);
    }

    private async Task IsWholeOrNoticedAsync(string text, string? finish, bool isNoticed)
    {
        var whole = await Asking.WholeTextAsync(gateway.Second.Address, "sim-60-0");
        Assert.StartsWith("你好，0 世界1 ", text, StringComparison.Ordinal);
        if (isNoticed)
        {
            Assert.StartsWith(text, whole, StringComparison.Ordinal);
            Assert.NotEqual("stop", finish);
        }
        else
        {
            Assert.Equal(whole, text);
            Assert.Equal("stop", finish);
        }
    }
}
