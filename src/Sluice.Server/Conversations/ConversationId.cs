using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Sluice.Server.Conversations;

/// <summary>Names of conversations (<c>cv_</c>) and messages (<c>ms_</c>): 128 random bits in base64url behind it. Not credentials.</summary>
internal static class ConversationId
{
    private const string Conversation = "cv_";
    private const string Message = "ms_";
    private const int Length = 25;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A name for a new conversation.</summary>
    public static string NewConversation() => New(Conversation);

    /// <summary>A name for a new message.</summary>
    public static string NewMessage() => New(Message);

    /// <summary>Whether a text has the form of a conversation's name.</summary>
    public static bool IsConversation(string? text) => Is(text, Conversation);

    /// <summary>Whether a text has the form of a message's name.</summary>
    public static bool IsMessage(string? text) => Is(text, Message);

    private static bool Is(string? text, string prefix) =>
        text?.Length == Length && text.StartsWith(prefix, StringComparison.Ordinal) && !text.AsSpan(prefix.Length).ContainsAnyExcept(Alphabet);

    private static string New(string prefix)
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return prefix + Base64Url.EncodeToString(random);
    }
}
