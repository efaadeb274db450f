using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Server.Conversations;

/// <summary>Messages that were said elsewhere, or exported here: <c>messages</c> of <c>POST /v1/conversations</c>.</summary>
/// <remarks>They get new names. Where they carry names and parents of their own, the tree is kept; without, each follows the one before.</remarks>
internal static class ConversationImport
{
    /// <summary>How many messages one request may bring.</summary>
    public const int MaxMessages = 10_000;

    private const double LatestSecond = 253_402_300_799;

    /// <summary>Reads them.</summary>
    /// <param name="root">The body.</param>
    /// <returns>The messages, each behind its parent, and the one shown last; null for none.</returns>
    /// <exception cref="ChatRequestException">One of them is wrong.</exception>
    public static (IReadOnlyList<Message> Messages, string? Head) Read(JsonElement root)
    {
        if (!root.TryGetProperty("messages"u8, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return ([], null);
        }

        if (given.ValueKind != JsonValueKind.Array)
        {
            throw ConversationBody.Wrong("messages", "an array");
        }

        if (given.GetArrayLength() > MaxMessages)
        {
            throw new ChatRequestException($"`messages` has more than {MaxMessages} entries.") { Param = "messages" };
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var messages = new List<Message>();
        foreach (var element in given.EnumerateArray())
        {
            var path = $"messages[{messages.Count}]";
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw ConversationBody.Wrong(path, "an object");
            }

            var message = Read(element, path + ".", names, messages is [.., var last] ? last.Id : null);
            if (ConversationBody.Text(element, "id", path + ".") is { } name && !names.TryAdd(name, message.Id))
            {
                throw new ChatRequestException($"`{path}.id` stands twice.") { Param = path + ".id" };
            }

            messages.Add(message);
        }

        var head = ConversationBody.Text(root, "head") is { } shown ? names.GetValueOrDefault(shown) ?? throw ConversationBody.Wrong("head", "the id of one of the messages") : messages is [.., var end] ? end.Id : null;
        return (messages, head);
    }

    private static Message Read(JsonElement element, string path, Dictionary<string, string> names, string? before)
    {
        var role = ConversationBody.Text(element, "role", path);
        if (role is not (Message.User or Message.Assistant or Message.System))
        {
            throw ConversationBody.Wrong(path + "role", "`user`, `assistant` or `system`");
        }

        var parent = before;
        if (element.TryGetProperty("parent"u8, out _))
        {
            var name = ConversationBody.Text(element, "parent", path);
            parent = name is null ? null : names.GetValueOrDefault(name) ?? throw ConversationBody.Wrong(path + "parent", "null, or the id of a message before it");
        }

        var message = new Message
        {
            Id = ConversationId.NewMessage(),
            Parent = parent,
            Role = role,
            Content = ConversationBody.Text(element, "content", path) ?? (role == Message.Assistant ? "" : throw ConversationBody.Wrong(path + "content", "a string")),
            Created = Created(element, path),
        };
        return role == Message.Assistant ? Answer(element, path, message) : message;
    }

    private static Message Answer(JsonElement element, string path, Message message)
    {
        var state = ConversationBody.Text(element, "state", path) ?? Message.Done;
        if (state is not (Message.Done or Message.Failed or Message.Cancelled or Message.Running))
        {
            throw ConversationBody.Wrong(path + "state", "`done`, `failed` or `cancelled`");
        }

        // What was under way when it was exported never ended here.
        var error = element.TryGetProperty("error"u8, out var given) && given.ValueKind == JsonValueKind.Object ? given : default(JsonElement?);
        return message with
        {
            State = state == Message.Running ? Message.Failed : state,
            IsPartial = state != Message.Done,
            Reasoning = ConversationBody.Text(element, "reasoning", path) ?? "",
            Model = ConversationBody.Text(element, "model", path),
            FinishReason = ConversationBody.Text(element, "finish_reason", path),
            ErrorCode = state == Message.Running ? Message.Interrupted : error is { } code ? ConversationBody.Text(code, "code", path + "error.") : null,
            ErrorMessage = error is { } words ? ConversationBody.Text(words, "message", path + "error.") : null,
            Usage = Raw(element, "usage", JsonValueKind.Object),
            ToolCalls = Raw(element, "tool_calls", JsonValueKind.Array),
            TimeToFirstToken = Number(element, "ttft_ms"),
            Duration = Number(element, "duration_ms"),
            Attempts = Number(element, "attempts") is { } attempts ? (long)Math.Clamp(attempts, 0, int.MaxValue) : null,
        };
    }

    private static long Created(JsonElement element, string path) => Number(element, "created_at") switch
    {
        null => 0,
        >= 0 and <= LatestSecond and var seconds => (long)(seconds * 1000),
        _ => throw ConversationBody.Wrong(path + "created_at", "a time in seconds since 1970"),
    };

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static string? Raw(JsonElement element, string name, JsonValueKind kind) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value.GetRawText() : null;
}
