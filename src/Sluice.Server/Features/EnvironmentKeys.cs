namespace Sluice.Server.Features;

/// <summary>Providers that a key in the environment switches on, with no file at all: <c>X_API_KEY</c>, with <c>X_BASE_URL</c> and <c>X_MODEL</c> beside it.</summary>
internal static class EnvironmentKeys
{
    private static readonly string[] Names = ["bella", "openai"];

    /// <summary>The settings that the environment's keys stand for.</summary>
    /// <param name="variable">Reads a variable.</param>
    /// <param name="named">Providers that are configured otherwise; left out.</param>
    public static Dictionary<string, string?> Read(Func<string, string?> variable, IReadOnlySet<string> named)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Names)
        {
            var prefix = name.ToUpperInvariant();
            if (named.Contains(name) || string.IsNullOrWhiteSpace(variable($"{prefix}_API_KEY")))
            {
                continue;
            }

            settings[$"Sluice:Providers:{name}:Type"] = name;
            Add("ApiKey", "API_KEY");
            Add("BaseUrl", "BASE_URL");
            Add("Model", "MODEL");

            void Add(string setting, string suffix)
            {
                if (variable($"{prefix}_{suffix}") is { Length: > 0 } value)
                {
                    settings[$"Sluice:Providers:{name}:{setting}"] = value.Trim();
                }
            }
        }

        return settings;
    }
}
