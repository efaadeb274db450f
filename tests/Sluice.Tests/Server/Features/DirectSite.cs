using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

/// <summary>Kestrel with the server's own settings on a free port, and one answer for every request.</summary>
internal sealed class DirectSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;

    private DirectSite(WebApplication app, X509Certificate2? certificate)
    {
        _app = app;
        _certificate = certificate;
        Http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            UseProxy = false,
            ResponseDrainTimeout = TimeSpan.Zero,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Equals(certificate) },
        })
        {
            BaseAddress = new Uri(app.Urls.Single()),
            Timeout = Within.Bound,
        };
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Has one connection.</summary>
    public HttpClient Http { get; }

    public int Port => Http.BaseAddress!.Port;

    public static async Task<DirectSite> StartAsync(RequestDelegate answer, bool isHttps = false)
    {
        var builder = SlimBuilder.Create();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.UseSluiceKestrel();
        var certificate = isHttps ? Certificate() : null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            if (certificate is not null)
            {
                endpoint.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new DirectSite(app, certificate);
    }

    /// <summary>Asks, up to the head of the answer.</summary>
    public async Task<HttpResponseMessage> GetAsync(Version version, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Soon();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _certificate?.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
