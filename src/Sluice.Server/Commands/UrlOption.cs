using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`--url`: an absolute http or https address.</summary>
internal static class UrlOption
{
    public static Option<Uri?> Create(string description) => new("--url")
    {
        Description = description,
        HelpName = "U",
        CustomParser = static result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https")) return url;
            result.AddError($"--url wants an address such as http://127.0.0.1:5080, not '{text}'.");
            return null;
        },
    };
}
