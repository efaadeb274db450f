using Microsoft.Extensions.Configuration;

namespace Sluice.Hosting;

/// <summary>Reads and checks the configuration as a whole.</summary>
internal sealed class SluiceOptionsReader(SluiceBuilder builder)
{
    /// <summary>The configuration as it stands now.</summary>
    /// <exception cref="SluiceConfigurationException">It has errors: all of them.</exception>
    public SluiceOptions Read()
    {
        // 1. Names and values, one by one. Only what passes can be bound.
        var problems = Settings.Check(builder.Section, builder.Settings).ToList();
        var options = new SluiceOptions();
        var sound = problems.Count == 0 ? builder.Section : Settings.Sound(builder.Section, builder.Settings);
        sound.Bind(options);
        foreach (var (name, configure) in builder.Configured)
        {
            if (!options.Providers.TryGetValue(name, out var provider))
            {
                options.Providers[name] = provider = new ProviderOptions();
            }

            configure(provider);
        }

        // 2. What they say together. A setting that was left out above for its value is not missing.
        var told = problems.Select(Subject).ToHashSet(StringComparer.OrdinalIgnoreCase);
        problems.AddRange(SluiceOptionsCheck.Check(options, builder.Registered.Keys).Concat(builder.Checks.SelectMany(check => check())).Where(problem => !told.Contains(Subject(problem))));
        return problems.Count == 0 ? options : throw new SluiceConfigurationException(problems);
    }

    // Each problem begins with the setting that it is about.
    private static string Subject(string problem) => problem[..Math.Max(0, problem.IndexOf(' ', StringComparison.Ordinal))];
}
