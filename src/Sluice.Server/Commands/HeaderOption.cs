using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`--header "Name: value"`, as often as wanted.</summary>
internal static class HeaderOption
{
    public static Option<KeyValuePair<string, string>[]> Create() => new("--header", "-H")
    {
        Description = "one more request header; may be repeated",
        HelpName = "\"NAME: VALUE\"",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = static _ => [],
        CustomParser = static result =>
        {
            var headers = new List<KeyValuePair<string, string>>();
            foreach (var token in result.Tokens)
            {
                var colon = token.Value.IndexOf(':', StringComparison.Ordinal);
                if (colon < 1 || !IsName(token.Value[..colon])) result.AddError($"--header wants \"Name: value\", not '{token.Value}'.");
                else headers.Add(new(token.Value[..colon], token.Value[(colon + 1)..].Trim()));
            }

            return [.. headers];
        },
    };

    // RFC 9110, 5.6.2: a token.
    private static bool IsName(string name) => name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
