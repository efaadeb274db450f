using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sluice.EndToEnd.Http;

namespace Sluice.EndToEnd.Conversations;

/// <summary>A question that was asked into a conversation, and what its client has seen of it.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Question">The question's id.</param>
/// <param name="Answer">The answer's id.</param>
/// <param name="Text">What was asked.</param>
/// <param name="Model">Of whom.</param>
internal sealed record Talk(string Conversation, string Question, string Answer, string Text, string Model)
{
    /// <summary>Whether the client has seen the answer's end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Asks, and reads on until the end or until the server is gone.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="conversation">The conversation's id, or <c>new</c>.</param>
    /// <param name="text">What.</param>
    /// <param name="model">Of which model.</param>
    /// <param name="asked">Called when the response's headers are there.</param>
    /// <returns>Null where the server was gone before its headers were there.</returns>
    public static async Task<Talk?> AskAsync(Uri server, string conversation, string text, string model, Action<Talk>? asked = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/ask/stream"))
        {
            Content = new StringContent($$"""{"conversation":"{{conversation}}","parent":"root","prompt":"{{text}}","model":"{{model}}"}""", Encoding.UTF8, "application/json"),
        };
        try
        {
            using var response = await Asking.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
            var talk = new Talk(Header(response, "X-Sluice-Conversation-Id"), Header(response, "X-Sluice-Question-Id"), Header(response, "X-Sluice-Answer-Id"), text, model);
            asked?.Invoke(talk);
            var body = await EventBody.ReadAsync(response);
            talk.HasEnded = body.Types.LastOrDefault() == "end";
            return talk;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Reads a conversation.</summary>
    public static async Task<JsonElement> ReadAsync(Uri server, string conversation) =>
        await Asking.Client.GetFromJsonAsync<JsonElement>(new Uri(server, $"/v1/conversations/{conversation}"), TestContext.Current.CancellationToken);

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
