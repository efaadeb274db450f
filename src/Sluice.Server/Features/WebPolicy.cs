namespace Sluice.Server.Features;

/// <summary>What a page may do, as a Content-Security-Policy.</summary>
internal static class WebPolicy
{
    /// <summary>Files of this server, and answers of this server: nothing inline, nobody else, in no frame.</summary>
    public const string Strict =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
