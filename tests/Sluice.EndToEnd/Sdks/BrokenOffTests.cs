using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Sluice.EndToEnd.Http;

namespace Sluice.EndToEnd.Sdks;

/// <summary>Real clients as judges: an answer whose target breaks off is carried on by the next one, and they get it whole.</summary>
public sealed class BrokenOffTests(FailoverGateway gateway, NodePackages packages)
{
    private static readonly string[] Faults = ["cut", "stall", "error-chunk"];

    public static MatrixTheoryData<string, string> PackagesAndFaults { get; } = new(["openai", "ai"], Faults);

    [Theory]
    [MemberData(nameof(PackagesAndFaults))]
    public async Task Node_IsWhole(string package, string fault)
    {
        await packages.ReadyAsync();

        var seen = await NodeClient.AskAsync(package, "stream", gateway.Server.Address, fault);

        await IsWholeAsync(seen.Text, seen.FinishReason, seen.Error?.ToString());
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("stall")]
    [InlineData("error-chunk")]
    public async Task DotNet_IsWhole(string fault)
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

        await IsWholeAsync(text.ToString(), finish, error?.ToString());
    }

    private async Task IsWholeAsync(string text, string? finish, string? error)
    {
        Assert.Null(error);
        Assert.Equal(await Asking.WholeTextAsync(gateway.Second.Address, "sim-60-0"), text);
        Assert.Equal("stop", finish);
    }
}
