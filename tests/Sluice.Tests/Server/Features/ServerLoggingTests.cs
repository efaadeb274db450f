using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sluice.Server.Features;

namespace Sluice.Tests.Server.Features;

public sealed class ServerLoggingTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("Logging:Console:FormatterOptions:IncludeScopes", "true", true)]
    [InlineData("Logging:Console:FormatterOptions:IncludeScopes", "false", false)]
    [InlineData("Logging:CaptureScopes", "true", true)]
    public void Scopes_AreThereOnlyWhereSomeoneSeesThem(string? setting, string? value, bool areThere)
    {
        var builder = SlimBuilder.Create();
        if (setting is not null)
        {
            builder.Configuration[setting] = value;
        }

        builder.Logging.UseSluiceLogging(builder.Configuration);
        using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(areThere, services.GetRequiredService<IOptions<LoggerFilterOptions>>().Value.CaptureScopes);
    }
}
