using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Hosting;
using Sluice.Tests.Support;

namespace Sluice.Tests.Hosting;

public sealed partial class SettingsSchemaTests
{
    private static readonly JsonObject s_schema = JsonNode.Parse(SettingsSchema.Of(Settings.All, SettingsTable.Load().Find).ToJsonString())!.AsObject();

    public static TheoryData<string> Paths() => [.. Settings.All.Select(setting => setting.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Of_EverySetting_StandsInItsPlaceWithWordsAndBounds(string path)
    {
        var setting = Settings.All.Single(setting => setting.Path == path);
        var place = s_schema["properties"]!["Sluice"]!;
        foreach (var name in path.Split(':'))
        {
            place = name switch { "*" => place["additionalProperties"]!, "#" => place["items"]!, _ => place["properties"]![name]! };
        }

        Assert.Equal(setting.Kind switch { SettingKind.Flag => "boolean", SettingKind.Number => "integer", SettingKind.Amount => "number", _ => "string" }, (string?)place["type"]);
        Assert.Equal(setting.Kind is SettingKind.Number or SettingKind.Amount ? (setting.Min, setting.Max) : (null, null), ((double?)place["minimum"], (double?)place["maximum"]));
        Assert.Equal(setting.Words, place["enum"]?.AsArray().Select(word => (string)word!) ?? []);
        Assert.True(path.Contains("Targets", StringComparison.Ordinal) || (string?)place["description"] is { Length: > 5 }, $"docs/configuration.md has no row for {path}.");
    }

    [Fact]
    public void Of_EveryExampleInTheDocument_FitsIt()
    {
        var examples = JsonBlock().Matches(Repository.Read("docs/configuration.md")).Select(block => JsonNode.Parse(block.Groups[1].Value)!.AsObject()).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(Misfits(example, s_schema, "")));
    }

    [Theory]
    [InlineData("""{"Sluice":{"Modles":{}}}""", "/Sluice/Modles")]
    [InlineData("""{"Sluice":{"Models":{"a":{"Targets":[{"Provider":"x","Modle":"y"}]}}}}""", "/Sluice/Models/a/Targets/0/Modle")]
    [InlineData("""{"Sluice":{"KeepAlive":15}}""", "/Sluice/KeepAlive")]
    [InlineData("""{"Sluice":{"KeepAlive":"15 s"}}""", "/Sluice/KeepAlive")]
    [InlineData("""{"Sluice":{"Retry":{"Retries":11}}}""", "/Sluice/Retry/Retries")]
    [InlineData("""{"Sluice":{"Providers":{"a":{"Type":"opnai"}}}}""", "/Sluice/Providers/a/Type")]
    public void Of_ASlip_DoesNotFit(string json, string where) => Assert.Equal([where], Misfits(JsonNode.Parse(json)!, s_schema, ""));

    // As much of JSON Schema as this one uses.
    private static IEnumerable<string> Misfits(JsonNode? value, JsonNode schema, string path)
    {
        switch (value)
        {
            case JsonObject group:
                return (string?)schema["type"] != "object" ? [path] : group.SelectMany(member =>
                    schema["properties"]?[member.Key] is { } known ? Misfits(member.Value, known, $"{path}/{member.Key}")
                    : schema["additionalProperties"] switch
                    {
                        null => [],
                        JsonObject any => Misfits(member.Value, any, $"{path}/{member.Key}"),
                        _ => [$"{path}/{member.Key}"],
                    });
            case JsonArray list:
                return (string?)schema["type"] != "array" ? [path] : list.SelectMany((item, i) => Misfits(item, schema["items"]!, $"{path}/{i}"));
            default:
                return Fits(value!, schema) ? [] : [path];
        }
    }

    private static bool Fits(JsonNode value, JsonNode schema) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (string?)schema["type"] == "boolean",
        System.Text.Json.JsonValueKind.Number => (string?)schema["type"] is "integer" or "number" && (double)value >= (double)schema["minimum"]! && (double)value <= (double)schema["maximum"]!,
        _ => (string?)schema["type"] == "string"
            && (schema["pattern"] is not { } pattern || Regex.IsMatch((string)value!, (string)pattern!, RegexOptions.None, TimeSpan.FromSeconds(10)))
            && (schema["enum"] is not { } words || words.AsArray().Any(word => (string?)word == (string?)value)),
    };

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline, 10_000)]
    private static partial Regex JsonBlock();
}
