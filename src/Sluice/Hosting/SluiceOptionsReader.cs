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
        var problems = Settings.Check(builder.Section).ToList();
        if (problems.Count > 0)
        {
            throw new SluiceConfigurationException(problems);
        }

        var options = new SluiceOptions();
        builder.Section.Bind(options);
        foreach (var (name, configure) in builder.Configured)
        {
            if (!options.Providers.TryGetValue(name, out var provider))
            {
                options.Providers[name] = provider = new ProviderOptions();
            }

            configure(provider);
        }

        // 2. What they say together.
        problems.AddRange(SluiceOptionsCheck.Check(options, builder.Registered.Keys));
        return problems.Count == 0 ? options : throw new SluiceConfigurationException(problems);
    }
}
