using System.Globalization;
using System.Text;

namespace Sluice.Server.Conversations;

/// <summary>A conversation as a file.</summary>
internal static class ConversationExport
{
    private const int MaxName = 60;

    /// <summary>The branch that is shown, as Markdown.</summary>
    public static string Markdown(Conversation conversation, IReadOnlyList<Message> messages)
    {
        var text = new StringBuilder().Append("# ").Append(conversation.Title.Length == 0 ? conversation.Id : conversation.Title).Append('\n');
        foreach (var message in Branch(messages, conversation.Head))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Heading(message)}\n\n").Append(message.Content.TrimEnd()).Append('\n');
            if (message.IsPartial || message.State == Message.Running)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n*({(message.State == Message.Running ? "still coming" : $"not whole: {message.ErrorCode ?? message.State}")})*\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The <c>Content-Disposition</c> of a file that is called as the conversation is (RFC 6266, RFC 8187).</summary>
    /// <param name="title">The title.</param>
    /// <param name="extension">What kind of file it is.</param>
    public static string Disposition(string title, string extension)
    {
        // Letters and digits of any script; what a file system, a header or a shell could take amiss becomes a hyphen.
        var name = new StringBuilder();
        foreach (var rune in title.EnumerateRunes())
        {
            var isPlain = Rune.IsLetterOrDigit(rune) || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
            if (name.Length + rune.Utf16SequenceLength > MaxName)
            {
                break;
            }

            if (isPlain || (name.Length > 0 && name[^1] != '-'))
            {
                name.Append(isPlain ? rune.ToString() : "-");
            }
        }

        var file = name.ToString().Trim('-') is { Length: > 0 } some ? some : "conversation";
        var ascii = file.All(char.IsAscii) ? file : "conversation";
        return $"attachment; filename=\"{ascii}.{extension}\"; filename*=UTF-8''{Uri.EscapeDataString(file)}.{extension}";
    }

    /// <summary>The messages from the beginning to one of them.</summary>
    private static IEnumerable<Message> Branch(IReadOnlyList<Message> messages, string? leaf)
    {
        var known = messages.ToDictionary(static message => message.Id, StringComparer.Ordinal);
        var branch = new List<Message>();
        while (leaf is not null && known.Remove(leaf, out var message))
        {
            branch.Add(message);
            leaf = message.Parent;
        }

        return Enumerable.Reverse(branch);
    }

    private static string Heading(Message message) => message.Role switch
    {
        Message.User => "Question",
        Message.System => "System",
        _ => message.Model is { } model ? $"Answer ({model})" : "Answer",
    };
}
