using System.Text.Json.Nodes;

namespace Sluice.Hosting;

/// <summary>The settings as a JSON Schema (draft 2020-12), for editors: names are completed, slips are underlined.</summary>
/// <remarks>https://json-schema.org/draft/2020-12. Names are matched exactly there, though Sluice itself takes them in any case.</remarks>
internal static class SettingsSchema
{
    /// <summary>What .NET takes for a time span, as far as Sluice's documents write them.</summary>
    private const string DurationPattern = @"^(\d+\.)?\d{1,2}:\d{2}(:\d{2}(\.\d{1,7})?)?$";

    /// <summary>Makes the schema of a configuration file.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="describe">What a setting is, in words; null where nothing says.</param>
    public static JsonObject Of(IEnumerable<Setting> settings, Func<Setting, string?> describe)
    {
        var sluice = Group();
        foreach (var setting in settings)
        {
            Add(sluice, setting.Path.Split(':'), Value(setting, describe(setting)));
        }

        // A file holds other sections too: Logging, Kestrel, ConnectionStrings.
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Sluice",
            ["type"] = "object",
            ["properties"] = new JsonObject { ["Sluice"] = sluice },
        };
    }

    private static void Add(JsonObject group, ReadOnlySpan<string> path, JsonObject value)
    {
        while (path.Length > 1)
        {
            group = path[1] switch
            {
                "*" => Inner(Member(group, path[0], static () => new JsonObject { ["type"] = "object" }), "additionalProperties", path.Length == 2 ? value : null),
                "#" => Inner(Member(group, path[0], static () => new JsonObject { ["type"] = "array" }), "items", path.Length == 2 ? value : null),
                _ => Member(group, path[0], Group),
            };
            path = path[(path[1] is "*" or "#" ? 2 : 1)..];
        }

        if (path.Length == 1)
        {
            group["properties"]![path[0]] = value;
        }
    }

    private static JsonObject Member(JsonObject group, string name, Func<JsonObject> create)
    {
        var properties = group["properties"]!.AsObject();
        if (properties[name] is not JsonObject member)
        {
            properties[name] = member = create();
        }

        return member;
    }

    private static JsonObject Inner(JsonObject holder, string name, JsonObject? value)
    {
        if (holder[name] is not JsonObject inner)
        {
            holder[name] = inner = value ?? Group();
        }

        return inner;
    }

    private static JsonObject Group() => new() { ["type"] = "object", ["properties"] = new JsonObject(), ["additionalProperties"] = false };

    private static JsonObject Value(Setting setting, string? description)
    {
        var value = new JsonObject();
        if (description is not null)
        {
            value["description"] = description;
        }

        switch (setting.Kind)
        {
            case SettingKind.Flag:
                value["type"] = "boolean";
                break;
            case SettingKind.Number:
                value["type"] = "integer";
                value["minimum"] = (long)setting.Min;
                value["maximum"] = (long)setting.Max;
                break;
            case SettingKind.Amount:
                value["type"] = "number";
                value["minimum"] = setting.Min;
                value["maximum"] = setting.Max;
                break;
            case SettingKind.Duration:
                value["type"] = "string";
                value["pattern"] = DurationPattern;
                break;
            case SettingKind.Url:
                value["type"] = "string";
                value["format"] = "uri";
                value["pattern"] = "^https?://";
                break;
            default:
                value["type"] = "string";
                value["minLength"] = 1;
                break;
        }

        if (setting.Words.Count > 0)
        {
            value["enum"] = new JsonArray([.. setting.Words.Select(word => JsonValue.Create(word))]);
        }

        return value;
    }
}
