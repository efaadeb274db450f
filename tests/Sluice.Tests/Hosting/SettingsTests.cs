using System.Reflection;
using Sluice.Hosting;
using Sluice.Tests.Support;

namespace Sluice.Tests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void All_AreThePropertiesOfTheOptions() =>
        Assert.Equal(Properties(typeof(SluiceOptions), "").Order(StringComparer.Ordinal), Settings.All.Select(setting => setting.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void All_StandInTheDocument()
    {
        var document = Repository.Read("docs/configuration.md");
        var rows = document.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        foreach (var setting in Settings.All)
        {
            Assert.True(rows.Any(row => Tells(row, setting.Path)), $"docs/configuration.md does not tell of {setting.Path}.");
        }
    }

    [Fact]
    public void All_DefaultsAreGoodValues()
    {
        var options = new SluiceOptions();
        Assert.Null(Find("KeepAlive").Check(options.KeepAlive.ToString()));
        Assert.Null(Find("Shutdown:Grace").Check(options.Shutdown.Grace.ToString()));
        Assert.Null(Find("Limits:MaxRequestBytes").Check($"{options.Limits.MaxRequestBytes}"));
        Assert.Null(Find("Limits:MaxEventBytes").Check($"{options.Limits.MaxEventBytes}"));
        Assert.Null(Find("Limits:MaxMalformedChunks").Check($"{options.Limits.MaxMalformedChunks}"));
    }

    private static Setting Find(string path) => Settings.All.Single(setting => setting.Path == path);

    // A row names the setting itself, or the group of settings that it stands in, with its name.
    private static bool Tells(string row, string path)
    {
        var name = row.Split('`')[1].Replace("{name}", "*", StringComparison.Ordinal);
        if (name == path)
        {
            return true;
        }

        // `Providers:{name}:Timeouts` takes what `Timeouts` takes; `Models:{name}:Targets` lists its fields.
        return path.StartsWith(name + ":", StringComparison.Ordinal)
            && (name.EndsWith(":Timeouts", StringComparison.Ordinal) || row.Contains($"`{path[(name.Length + 1)..].Split(':')[1]}`", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Properties(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => Paths(property.PropertyType, prefix + property.Name));

    private static IEnumerable<string> Paths(Type type, string path)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() != typeof(Nullable<>))
        {
            return Paths(type.GetGenericArguments()[^1], path + (type.GetGenericArguments().Length == 1 ? ":#" : ":*"));
        }

        return type.Namespace == typeof(SluiceOptions).Namespace ? Properties(type, path + ":") : [path];
    }
}
