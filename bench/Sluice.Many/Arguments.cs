using System.Globalization;

namespace Sluice.Many;

/// <summary>What to run.</summary>
internal sealed record Arguments
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        usage: many crowd [--viewers 1000] [--churn 50] [--seconds 20] [--silent 0] [--silent-receive 32768]
               many idle  [--streams 9000] [--files 20000] [--model sim-9-0-stall] [--dialect native|openai] [--past-cap yes|no] [--hold SECONDS]
               many fates [--streams 10000] [--at-once 100]
        each with [--server PATH]: the server's assembly or native binary
        """;

    private static readonly string[] Names =
        ["server", "viewers", "churn", "seconds", "silent", "silent-receive", "streams", "files", "model", "dialect", "past-cap", "hold", "at-once"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>crowd, idle or fates.</summary>
    public required string Kind { get; init; }

    /// <summary>The server to measure.</summary>
    public string Program => Text("server", Site.DefaultProgram);

    /// <summary>Reads the command line; null where it is wrong.</summary>
    public static Arguments? Parse(string[] args)
    {
        if (args is not [("crowd" or "idle" or "fates") and var kind, ..] || args.Length % 2 == 0)
        {
            return null;
        }

        var arguments = new Arguments { Kind = kind };
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !Names.Contains(args[i][2..], StringComparer.Ordinal))
            {
                return null;
            }

            arguments._values[args[i][2..]] = args[i + 1];
        }

        return arguments;
    }

    /// <summary>A word.</summary>
    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <summary>A number.</summary>
    public int Number(string name, int otherwise) => _values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
