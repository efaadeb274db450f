using System.IO.Compression;
using System.Net;
using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class WebPagesTests
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    [Theory]
    [InlineData("/", "text/html; charset=utf-8", "no-cache")]
    [InlineData("/status", "text/html; charset=utf-8", "no-cache")]
    [InlineData("/licenses.md", "text/plain; charset=utf-8", "no-cache")]
    [InlineData("/favicon.svg", "image/svg+xml", "no-cache")]
    [InlineData(".js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable")]
    [InlineData(".css", "text/css; charset=utf-8", "public, max-age=31536000, immutable")]
    public async Task Get_HasItsTypeAndTheStrictHeaders(string path, string type, string cache)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var response = await host.Client.GetAsync(path[0] == '.' ? Asset(path) : path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Policy, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal(cache, response.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task Get_IsCompressedAsTheClientTakesIt_AndTheSameForAll(string? accepted, string? coding)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var plain = await host.Client.GetByteArrayAsync(Asset(".js"), TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, Asset(".js"));
        request.Headers.Add("Accept-Encoding", accepted is null ? [] : [accepted]);
        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(coding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var decoded = coding switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
        using var text = new MemoryStream();
        await decoded.CopyToAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal(plain, text.ToArray());
    }

    [Fact]
    public async Task Get_UnknownAsset_Is404()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var response = await host.Client.GetAsync("/assets/nothing.js", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Get_KnownTag_Is304()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var tag = (await host.Client.GetAsync("/", TestContext.Current.CancellationToken)).Headers.ETag!;
        foreach (var (sent, status) in new[]
        {
            (tag.ToString(), 304), ($"W/{tag}", 304), ($"\"other\", {tag}", 304), ("*", 304), ("\"other\"", 200), ("garbage", 200),
        })
        {
            using var client = await RawClient.ConnectAsync(host);
            await client.GetAsync("/", $"Connection: close\r\nIf-None-Match: {sent}\r\n");
            var seen = await client.ReadToEndAsync();
            Assert.True(seen.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{sent}: {seen[..20]}");
            Assert.Contains($"ETag: {tag}", seen, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Head_HasTheLengthAndNoBody()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
    }

    [Fact]
    public async Task Index_LoadsOnlyWhatIsServed()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var html = await host.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        var named = System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"([^\"#]+)\"", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        foreach (var path in named.Where(path => !path.StartsWith("http", StringComparison.Ordinal)))
        {
            Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(new Uri(host.Client.BaseAddress!, path), TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=\"", html, StringComparison.OrdinalIgnoreCase);
    }

    private static string Asset(string extension) => $"/assets/{WebFile.Assets.First(name => name.EndsWith(extension, StringComparison.Ordinal))}";
}
