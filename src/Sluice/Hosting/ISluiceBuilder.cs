using Microsoft.Extensions.DependencyInjection;
using Sluice.Chat;

namespace Sluice.Hosting;

/// <summary>Adds to Sluice what configuration alone cannot.</summary>
public interface ISluiceBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a provider of the application's own, to be named in <c>Sluice:Models</c> or asked for as <c>name/model</c>.</summary>
    /// <typeparam name="TProvider">The provider; made once, with services from the container.</typeparam>
    /// <param name="name">Its name.</param>
    ISluiceBuilder AddProvider<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(string name)
        where TProvider : class, IChatProvider;

    /// <summary>Adds an upstream, or settles one that the configuration names too.</summary>
    /// <param name="name">Its name in <c>Sluice:Providers</c>.</param>
    /// <param name="configure">Sets it up; runs after the configuration was read.</param>
    ISluiceBuilder ConfigureProvider(string name, Action<ProviderOptions> configure);
}
