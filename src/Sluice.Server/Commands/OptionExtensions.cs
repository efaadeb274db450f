using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sluice.Server.Commands;

/// <summary>Bounds for numeric options: outside of them the usage is wrong.</summary>
internal static class OptionExtensions
{
    public static Option<T> Between<T>(this Option<T> option, T low, T high)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result =>
        {
            if (Readable(result)) Check(result, result.GetValueOrDefault<T>(), low, high);
        });
        return option;
    }

    public static Option<T?> Between<T>(this Option<T?> option, T low, T high)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result =>
        {
            if (Readable(result) && result.GetValueOrDefault<T?>() is { } value) Check(result, value, low, high);
        });
        return option;
    }

    public static void AddAll(this Command command, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options) command.Options.Add(option);
    }

    private static bool Readable(OptionResult result) => !result.Errors.Any();

    private static void Check<T>(OptionResult result, T value, T low, T high)
        where T : struct, IComparable<T>
    {
        if (value.CompareTo(low) < 0 || value.CompareTo(high) > 0) result.AddError($"{result.Option.Name} must be between {low} and {high}.");
    }
}
