using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Chat;

namespace Sluice.Hosting;

/// <inheritdoc/>
internal sealed class SluiceBuilder(IServiceCollection services, IConfiguration section) : ISluiceBuilder
{
    /// <inheritdoc/>
    public IServiceCollection Services { get; } = services;

    /// <summary>The configuration's <c>Sluice</c> section.</summary>
    public IConfiguration Section { get; } = section;

    /// <summary>All settings that may stand in the section: the library's, and what the program itself adds.</summary>
    public List<Setting> Settings { get; } = [.. Hosting.Settings.All];

    /// <summary>What else can be wrong with the configuration, as the program itself sees it: each problem begins with its setting.</summary>
    public List<Func<IEnumerable<string>>> Checks { get; } = [];

    /// <summary>How to make the application's own providers, by name.</summary>
    public Dictionary<string, Func<IServiceProvider, IChatProvider>> Registered { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Set-up by code, in the order in which it was added.</summary>
    public List<(string Name, Action<ProviderOptions> Configure)> Configured { get; } = [];

    /// <inheritdoc/>
    public ISluiceBuilder AddProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(string name)
        where TProvider : class, IChatProvider
    {
        Registered[name] = static services => ActivatorUtilities.CreateInstance<TProvider>(services);
        return this;
    }

    /// <inheritdoc/>
    public ISluiceBuilder ConfigureProvider(string name, Action<ProviderOptions> configure)
    {
        Configured.Add((name, configure));
        return this;
    }
}
