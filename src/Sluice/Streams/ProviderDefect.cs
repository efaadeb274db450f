using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>A provider failed with an exception that is none of those it may throw.</summary>
internal static class ProviderDefect
{
    /// <summary>What clients are told of it. The cause is for the log.</summary>
    public static ChatProviderException Told(Exception cause) =>
        new(ChatErrorKind.Internal, "The provider failed in a way it should not have; the server's log says how.", cause);
}
