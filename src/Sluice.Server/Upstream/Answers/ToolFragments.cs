namespace Sluice.Server.Upstream.Answers;

/// <summary>Two parallel tool calls, their arguments split where readers break: inside a key, an escape and a value.</summary>
internal static class ToolFragments
{
    private static readonly (int Call, string Arguments)[] Fragments =
    [
        (0, ""), (0, "{\"ci"), (0, "ty\":\"北京"), (0, "\",\"note\":\"a \\"), (0, "\"quoted\\\" 🚀\"}"),
        (1, ""), (1, "{\"city\":"), (1, "\"上海\",\"days\":"), (1, "3}"),
    ];

    public static int Count => Fragments.Length;

    /// <summary>Index of the tool call that the fragment belongs to.</summary>
    public static int Call(int index) => Fragments[index].Call;

    /// <summary>The piece of the arguments' JSON text.</summary>
    public static string Arguments(int index) => Fragments[index].Arguments;

    /// <summary>Whether the fragment opens its call: only that one carries id, type and name.</summary>
    public static bool Opens(int index) => index == 0 || Fragments[index - 1].Call != Fragments[index].Call;

    /// <summary>The id of a tool call.</summary>
    public static string Id(int call) => call == 0 ? "call_sim_0" : "call_sim_1";

    /// <summary>The whole arguments of a tool call.</summary>
    public static string WholeArguments(int call) => string.Concat(Fragments.Where(f => f.Call == call).Select(f => f.Arguments));
}
