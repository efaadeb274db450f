using Sluice.Hosting;

namespace Sluice.Server.Access;

/// <summary>The settings of <see cref="AccessOptions"/>. They are the server's: the library leaves authentication to its application, and does not know them.</summary>
internal static class AccessSettings
{
    private const double Day = 86400;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Access:Enabled", SettingKind.Flag),
        new("Access:AllowAnonymous", SettingKind.Flag),
        new("Access:Hosts:#", SettingKind.Text),
        new("Access:Origins:#", SettingKind.Text),
        new("Access:SessionLifetime", SettingKind.Duration, 60, 30 * Day),
        new("Access:CapabilityLifetime", SettingKind.Duration, 10, Day),
        new("Access:Keys:Database", SettingKind.Text),
        new("Access:Jwt:Authority", SettingKind.Url),
        new("Access:Jwt:Audience", SettingKind.Text),
        new("Access:Jwt:RoleClaim", SettingKind.Text),
        new("Access:Jwt:ModelsClaim", SettingKind.Text),
        new("Access:Jwt:RequireHttps", SettingKind.Flag),
    ];

    /// <summary>Lets these settings stand in the configuration, and has them checked with it.</summary>
    public static void KnowAccess(this ISluiceBuilder sluice)
    {
        var builder = (SluiceBuilder)sluice;
        builder.Settings.AddRange(All);
        builder.Checks.Add(() => Check(Settings.Sound(builder.Section, All).GetSection("Access").Get<AccessOptions>() ?? new AccessOptions()));
    }

    /// <summary>What single values cannot show.</summary>
    private static IEnumerable<string> Check(AccessOptions options)
    {
        for (var i = 0; i < options.Origins.Count; i++)
        {
            if (!IsOrigin(options.Origins[i]))
            {
                yield return $"Sluice:Access:Origins:{i} must be an origin as browsers send it, such as https://app.example.com: scheme, host and port, nothing behind, and no `*`.";
            }
        }

        for (var i = 0; i < options.Hosts.Count; i++)
        {
            if (options.Hosts[i].Contains('/', StringComparison.Ordinal) || options.Hosts[i].Contains(' ', StringComparison.Ordinal))
            {
                yield return $"Sluice:Access:Hosts:{i} must be a host's name, such as chat.example.com, without scheme and port.";
            }
        }

        if (options.Jwt is { Authority: not null, Audience: null })
        {
            yield return "Sluice:Access:Jwt:Audience is missing. Without it every token of the issuer would be taken, whomever it is meant for.";
        }

        if (options.Jwt is { Authority: null, Audience: not null })
        {
            yield return "Sluice:Access:Jwt:Authority is missing. Set the address of the issuer of the tokens.";
        }

        if (options.Jwt is { Authority: { } authority, RequireHttps: true } && !authority.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            yield return "Sluice:Access:Jwt:Authority must be an https address. On a network that nobody else reaches, set Sluice:Access:Jwt:RequireHttps to false.";
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase) && url.UserInfo.Length == 0;
}
