namespace Sluice.Chat;

/// <summary>What a client sent is not a chat request. Answered with 400 (or <see cref="Status"/>), in OpenAI's error shape.</summary>
/// <param name="message">What is wrong, and how to mend it.</param>
public sealed class ChatRequestException(string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    /// <value>400 unless set.</value>
    public int Status { get; init; } = 400;

    /// <summary>One word for programs.</summary>
    public string Code { get; init; } = "invalid_request";

    /// <summary>The field that is wrong, or null.</summary>
    public string? Param { get; init; }
}
