using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Sluice.Server.Features;

/// <summary>One file of a page, inside the assembly: so one binary is all there is.</summary>
internal sealed class PageFile
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly byte[] _body;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    /// <param name="resource">Its name in the assembly.</param>
    /// <param name="contentType">What it is.</param>
    public PageFile(string resource, string contentType)
    {
        _body = Read(resource);
        _contentType = contentType;
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_body))[..16]}\"");
    }

    /// <summary>Sends it, or says that the client has it. Under a policy that lets it ask nobody but this server.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = _tag.ToString();
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (IsKnown(context))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = _contentType;
        context.Response.ContentLength = _body.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(_body, context.RequestAborted);
        }
    }

    // Weak comparison: a proxy that compresses makes a tag weak. RFC 9110, 13.1.2.
    private bool IsKnown(HttpContext context) =>
        context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(_tag, useStrongComparison: false));

    private static byte[] Read(string resource)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The page's file {resource} is missing from the assembly.");
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        return body;
    }
}
