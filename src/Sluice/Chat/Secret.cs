namespace Sluice.Chat;

/// <summary>A key or password. It never shows in a log, an exception or a debugger's text: <see cref="ToString"/> gives three stars.</summary>
/// <param name="value">The secret, without white space or control characters.</param>
public sealed class Secret(string value)
{
    // Servers at home take any key, so people write `x`, `none` or `ollama`: taken out everywhere, it would make words unreadable.
    private const int ShortestUnmistakable = 8;

    /// <summary>The secret itself, for the one place that sends it.</summary>
    public string Reveal() => value;

    /// <summary>The text without the secret, for messages that come from elsewhere.</summary>
    /// <remarks>A secret of fewer than 8 characters is taken out only where it stands as a word of its own.</remarks>
    public string Redact(string text)
    {
        if (value.Length is 0 or >= ShortestUnmistakable)
        {
            return value.Length == 0 ? text : text.Replace(value, "***", StringComparison.Ordinal);
        }

        for (var at = text.IndexOf(value, StringComparison.Ordinal); at >= 0; at = text.IndexOf(value, at, StringComparison.Ordinal))
        {
            var end = at + value.Length;
            var isWord = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            text = isWord ? string.Concat(text.AsSpan(0, at), "***", text.AsSpan(end)) : text;
            at = isWord ? at + 3 : at + 1;
        }

        return text;
    }

    /// <inheritdoc/>
    public override string ToString() => "***";
}
