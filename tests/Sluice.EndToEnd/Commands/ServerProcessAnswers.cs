using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Commands;

/// <summary>Whether a server answers.</summary>
internal static class ServerProcessAnswers
{
    /// <summary>Asks, and wants a whole answer.</summary>
    public static async Task AnswersAsync(this ServerProcess server, string model)
    {
        var answer = await Asking.EventsAsync(Asking.Ask(server.Address, model));
        Assert.Equal("end", answer.Types.Last());
        Assert.NotEqual("", answer.Text);
    }
}
