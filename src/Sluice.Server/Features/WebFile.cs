using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Sluice.Server.Features;

/// <summary>One file of the pages, inside the assembly: so one binary is all there is. It lies there as it is and, where the build has compressed it, in two more ways, and is sent as it lies.</summary>
internal sealed class WebFile
{
    private const string Folder = "web/";

    // The best first. RFC 9110, 12.5.3.
    private static readonly (string Coding, string Suffix)[] Codings = [("br", ".br"), ("gzip", ".gz"), ("", "")];

    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly string _resource;
    private readonly string _contentType;
    private readonly string _cacheControl;
    private readonly string _policy;
    private readonly EntityTagHeaderValue _tag;
    private readonly (string Coding, string Suffix)[] _codings;

    private WebFile(string name, string cacheControl, string policy)
    {
        _resource = Folder + name;
        _cacheControl = cacheControl;
        _contentType = TypeOf(name);
        _policy = policy;
        _codings = [.. Codings.Where(one => Has(_resource + one.Suffix))];
        using var body = Open(_resource);
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"");
    }

    /// <summary>Whether this assembly has pages; a build with <c>-p:BuildUi=false</c> has none.</summary>
    public static bool Any => Has($"{Folder}index.html");

    /// <summary>The names of the files whose name changes with their content, without their folder.</summary>
    public static IEnumerable<string> Assets => typeof(WebFile).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith($"{Folder}assets/", StringComparison.Ordinal) && !name.EndsWith(".br", StringComparison.Ordinal) && !name.EndsWith(".gz", StringComparison.Ordinal))
        .Select(name => name[$"{Folder}assets/".Length..]);

    /// <summary>A file that may change from build to build under its name: asked for each time, sent where it has changed.</summary>
    /// <param name="name">Its name below the web folder.</param>
    /// <param name="policy">What it may do, as a Content-Security-Policy.</param>
    public static WebFile Named(string name, string policy = WebPolicy.Strict) => new(name, "no-cache", policy);

    /// <summary>A file whose name changes with its content: never asked for twice.</summary>
    /// <param name="name">Its name in the folder of assets.</param>
    public static WebFile Asset(string name) => new($"assets/{name}", "public, max-age=31536000, immutable", WebPolicy.Strict);

    /// <summary>All of a file as text.</summary>
    /// <param name="name">Its name below the web folder.</param>
    public static string ReadText(string name)
    {
        using var reader = new StreamReader(Open(Folder + name));
        return reader.ReadToEnd();
    }

    /// <summary>Sends it, or says that the client has it. Under a policy that lets it ask nobody but this server.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = _tag.ToString();
        headers.CacheControl = _cacheControl;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (IsKnown(context))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        var (coding, suffix) = _codings.First(one => one.Coding.Length == 0 || accepted.Any(given => given.Value.Equals(one.Coding, StringComparison.OrdinalIgnoreCase) && given.Quality is not 0));
        await using var body = Open(_resource + suffix);
        headers.ContentEncoding = coding.Length > 0 ? coding : default(Microsoft.Extensions.Primitives.StringValues);
        context.Response.ContentType = _contentType;
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await body.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    // Weak comparison: a proxy that compresses makes a tag weak, and so does each of our codings. RFC 9110, 13.1.2.
    private bool IsKnown(HttpContext context) =>
        context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(_tag, useStrongComparison: false));

    private static string TypeOf(string name)
    {
        if (name.EndsWith(".md", StringComparison.Ordinal))
        {
            // Shown by every browser, as the text it is.
            return "text/plain; charset=utf-8";
        }

        var type = Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }

    private static bool Has(string resource) => typeof(WebFile).Assembly.GetManifestResourceInfo(resource) is not null;

    private static Stream Open(string resource) =>
        typeof(WebFile).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The file {resource} is missing from the assembly.");
}
