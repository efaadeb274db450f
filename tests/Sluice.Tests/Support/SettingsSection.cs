using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Hosting;

namespace Sluice.Tests.Support;

/// <summary>Configurations for tests, and what reading them gives.</summary>
internal static class SettingsSection
{
    /// <summary>The <c>Sluice</c> section, as JSON.</summary>
    public static IConfigurationRoot FromJson(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Sluice":{{json}}}"""))).Build();

    public static SluiceOptions Read(string json, Action<ISluiceBuilder>? configure = null)
    {
        var builder = new SluiceBuilder(new ServiceCollection(), FromJson(json).GetSection("Sluice"));
        configure?.Invoke(builder);
        return new SluiceOptionsReader(builder).Read();
    }

    public static IReadOnlyList<string> Problems(string json, Action<ISluiceBuilder>? configure = null) =>
        Assert.Throws<SluiceConfigurationException>(() => Read(json, configure)).Problems;
}
