namespace Sluice.Chat;

/// <summary>Who asks: whose a stream is, what he may ask for, and how much.</summary>
/// <remarks>Immutable. Two requests are the same caller's where their <see cref="Id"/> is the same.</remarks>
public sealed class Caller
{
    /// <summary>Whoever asks where nobody has to say who he is: everyone is the same caller.</summary>
    public static Caller Anonymous { get; } = new("");

    /// <param name="id">See <see cref="Id"/>.</param>
    public Caller(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        Id = id;
    }

    /// <summary>The owner of what is asked: of streams, of keys for questions, of what has been spent. Never a secret.</summary>
    /// <value>Empty for <see cref="Anonymous"/>.</value>
    public string Id { get; }

    /// <summary>The name of the API key, for logs and lists; null where the caller has none. Never the key itself.</summary>
    public string? KeyId { get; init; }

    /// <summary>The models that may be asked for, as clients name them; null for all.</summary>
    public IReadOnlyCollection<string>? Models { get; init; }

    /// <summary>How much may be asked; null, or where a limit of it is null, what holds for everyone counts.</summary>
    public CallerLimits? Limits { get; init; }

    /// <summary>Whether a model may be asked for.</summary>
    /// <param name="model">Its name, as clients name it.</param>
    public bool MayAsk(string model) => Models is null || Models.Contains(model, StringComparer.Ordinal);
}
