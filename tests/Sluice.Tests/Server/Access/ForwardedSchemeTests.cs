using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sluice.Server.Access;

namespace Sluice.Tests.Server.Access;

public sealed class ForwardedSchemeTests
{
    [Theory]
    [InlineData("127.0.0.1", "https")]
    [InlineData("::1", "https")]
    [InlineData("::ffff:127.0.0.1", "https")]
    [InlineData("192.0.2.1", "http")]
    [InlineData("10.0.0.1", "http")]
    [InlineData("2001:db8::1", "http")]
    public async Task Scheme_IsTakenFromThisMachineAlone_AndNothingElseIs(string peer, string expected)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };
        (context.Request.Scheme, context.Request.Host) = ("http", new HostString("a.example"));
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        context.Request.Headers["X-Forwarded-For"] = "192.0.2.9";
        context.Request.Headers["X-Forwarded-Host"] = "b.example";
        var middleware = new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(ForwardedScheme.Options));
        await middleware.Invoke(context);
        Assert.Equal((expected, "a.example", IPAddress.Parse(peer)), (context.Request.Scheme, context.Request.Host.Value, context.Connection.RemoteIpAddress));
    }
}
