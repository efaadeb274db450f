namespace Sluice.Chat;

/// <summary>A key or password. It never shows in a log, an exception or a debugger's text: <see cref="ToString"/> gives three stars.</summary>
/// <param name="value">The secret, without white space or control characters.</param>
public sealed class Secret(string value)
{
    /// <summary>The secret itself, for the one place that sends it.</summary>
    public string Reveal() => value;

    /// <summary>The text without the secret, for messages that come from elsewhere.</summary>
    public string Redact(string text) => value.Length == 0 ? text : text.Replace(value, "***", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "***";
}
