namespace Sluice.Tests.Server.Conversations;

/// <summary>What a client learns of a question that it has asked.</summary>
internal sealed record Asked(int Status, string Conversation, string Question, string Answer, string Stream, string Body)
{
    public static Asked Of(HttpResponseMessage response, string body) => new(
        (int)response.StatusCode, Header(response, "X-Sluice-Conversation-Id"), Header(response, "X-Sluice-Question-Id"), Header(response, "X-Sluice-Answer-Id"), Header(response, "X-Sluice-Stream-Id"), body);

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : "";
}
