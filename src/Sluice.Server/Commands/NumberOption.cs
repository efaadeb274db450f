using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Sluice.Server.Commands;

/// <summary>Numeric options with bounds: anything else is wrong usage, said in one line.</summary>
internal static class NumberOption
{
    /// <summary>An option with a default.</summary>
    public static Option<T> Create<T>(string name, string helpName, string description, T low, T high, T initial, params string[] aliases)
        where T : struct, INumber<T> => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => initial,
        CustomParser = result => Parse(result, name, low, high) ?? initial,
    };

    /// <summary>An option that may be left out.</summary>
    public static Option<T?> CreateOptional<T>(string name, string helpName, string description, T low, T high)
        where T : struct, INumber<T> => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parse(result, name, low, high),
    };

    private static T? Parse<T>(ArgumentResult result, string name, T low, T high)
        where T : struct, INumber<T>
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (T.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high) return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} wants a number from {low} to {high}, not '{text}'."));
        return null;
    }
}
