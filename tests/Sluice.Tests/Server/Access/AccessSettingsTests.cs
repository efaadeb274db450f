using System.Reflection;
using Microsoft.Extensions.Configuration;
using Sluice.Server.Access;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class AccessSettingsTests
{
    [Fact]
    public void All_AreThePropertiesOfTheOptions() =>
        Assert.Equal(Properties(typeof(AccessOptions), "Access:").Order(StringComparer.Ordinal), AccessSettings.All.Select(setting => setting.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void All_StandInTheDocuments()
    {
        foreach (var document in (string[])["docs/configuration.md", "docs/zh-CN/configuration.md"])
        {
            var text = Repository.Read(document);
            Assert.All(AccessSettings.All, setting => Assert.Contains($"| `{setting.Path.Replace(":#", "", StringComparison.Ordinal)}` |", text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"Access":{"Enable":true}}""", "Sluice:Access:Enable is no setting")]
    [InlineData("""{"Access":{"Enabled":"yes"}}""", "Sluice:Access:Enabled must be true or false")]
    [InlineData("""{"Access":{"Origins":["*"]}}""", "Sluice:Access:Origins:0 must be an origin")]
    [InlineData("""{"Access":{"Origins":["https://a.example/"]}}""", "Sluice:Access:Origins:0 must be an origin")]
    [InlineData("""{"Access":{"Origins":["https://a.example","null"]}}""", "Sluice:Access:Origins:1 must be an origin")]
    [InlineData("""{"Access":{"Hosts":["https://a.example"]}}""", "Sluice:Access:Hosts:0 must be a host's name")]
    [InlineData("""{"Access":{"Jwt":{"Authority":"https://issuer.example"}}}""", "Sluice:Access:Jwt:Audience is missing")]
    [InlineData("""{"Access":{"Jwt":{"Audience":"sluice"}}}""", "Sluice:Access:Jwt:Authority is missing")]
    [InlineData("""{"Access":{"Jwt":{"Authority":"http://issuer.example","Audience":"sluice"}}}""", "Sluice:Access:Jwt:Authority must be an https address")]
    public void Mistakes_AreToldWithTheirFix(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(SettingsSection.Problems(json, static sluice => sluice.KnowAccess())), StringComparison.Ordinal);

    [Fact]
    public void Library_DoesNotKnowThem() =>
        Assert.StartsWith("Sluice:Access is no setting", Assert.Single(SettingsSection.Problems("""{"Access":{"Enabled":true}}""")), StringComparison.Ordinal);

    [Fact]
    public void From_TakesWhatIsRightAndLeavesOutWhatIsNot()
    {
        var options = AccessOptions.From(SettingsSection.FromJson("""
            {"Providers":{"x":{"Type":"openai"}},"Access":{"Enabled":true,"SessionLifetime":"soon","Origins":["https://a.example:8443"],"Jwt":{"RequireHttps":false}}}
            """));
        Assert.True(options.Enabled);
        Assert.Equal(TimeSpan.FromHours(12), options.SessionLifetime);
        Assert.Equal(["https://a.example:8443"], options.Origins);
        Assert.False(options.Jwt.RequireHttps);
    }

    private static IEnumerable<string> Properties(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => property.PropertyType switch
        {
            { IsGenericType: true } list when list.GetGenericTypeDefinition() == typeof(IList<>) => [$"{prefix}{property.Name}:#"],
            var group when group.Namespace == typeof(AccessOptions).Namespace => Properties(group, $"{prefix}{property.Name}:"),
            _ => (string[])[prefix + property.Name],
        });
}
