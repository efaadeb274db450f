using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sluice.EndToEnd.Commands;
using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Deploy;

/// <summary>nginx or Caddy as a process of its own, with the file that <c>deploy/</c> has for it: only names, ports and certificates are the test's.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    // Below the ports that the kernel gives out by itself.
    private const int FirstPort = 20_000;
    private const int LastPort = 29_999;

    // ENOENT
    private const int NoSuchFile = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process = new();
    private readonly int _port = FreePort();

    private ReverseProxy()
    {
    }

    /// <summary>Whether an answer that the server cuts is cut for the client.</summary>
    public bool PassesCuts { get; private set; } = true;

    private string Folder => Path.GetDirectoryName(_folder["."])!;

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"https://localhost:{_port}");

    /// <summary>Starts nginx in front of a server.</summary>
    public static Task<ReverseProxy> NginxAsync(Uri server) => StartAsync(proxy =>
    {
        var site = Repository("deploy/nginx/sluice.conf")
            .Change("listen 443 ssl http2", $"listen 127.0.0.1:{proxy._port} ssl http2")
            .Change("server 127.0.0.1:5080", $"server {server.Authority}")
            .Change("/etc/ssl/chat.example.com.pem", proxy._folder["cert.pem"])
            .Change("/etc/ssl/chat.example.com.key", proxy._folder["key.pem"])
            .Change("server_name chat.example.com", "server_name localhost");
        var main = $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            worker_processes 1;
            daemon off;
            pid nginx.pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                include site.conf;
            }
            """;
        _ = proxy._folder.Write("site.conf", site);
        return ("nginx", ["-p", proxy.Folder, "-e", "stderr", "-c", proxy._folder.Write("nginx.conf", main)]);
    });

    /// <summary>Starts Caddy in front of a server.</summary>
    public static async Task<ReverseProxy> CaddyAsync(Uri server)
    {
        var proxy = await StartAsync(proxy => Caddy(proxy, server));
        proxy.PassesCuts = await CaddyVersionAsync() >= new Version(2, 8);
        return proxy;
    }

    private static (string Program, IEnumerable<string> Arguments) Caddy(ReverseProxy proxy, Uri server)
    {
        var site = Repository("deploy/caddy/Caddyfile")
            .Change("chat.example.com {", $"localhost:{proxy._port} {{\n\ttls {proxy._folder["cert.pem"]} {proxy._folder["key.pem"]}")
            .Change("127.0.0.1:5080", server.Authority);
        return ("caddy", ["run", "--adapter", "caddyfile", "--config", proxy._folder.Write("Caddyfile", $$"""
            {
            	admin off
            	auto_https disable_redirects
            }

            """ + site)]);
    }

    // `v2.8.4 h1:...`, or `2.6.2`.
    private static async Task<Version> CaddyVersionAsync()
    {
        using var asked = Process.Start(new ProcessStartInfo("caddy", ["version"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var said = await asked.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return Version.Parse(said.Split(' ', '-', '\n')[0].TrimStart('v'));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // nginx's workers go with it.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<ReverseProxy> StartAsync(Func<ReverseProxy, (string Program, IEnumerable<string> Arguments)> prepare)
    {
        var proxy = new ReverseProxy();
        using (var certificate = LoopbackCertificate.Create())
        {
            _ = proxy._folder.Write("cert.pem", certificate.ExportCertificatePem());
            _ = proxy._folder.Write("key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        var (program, arguments) = prepare(proxy);
        proxy._process.StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = proxy.Folder };
        proxy._process.StartInfo.Environment["XDG_DATA_HOME"] = proxy.Folder;
        proxy._process.StartInfo.Environment["XDG_CONFIG_HOME"] = proxy.Folder;
        try
        {
            proxy._process.Start();
        }
        catch (Win32Exception e) when (e.NativeErrorCode == NoSuchFile)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", $"No {program}: install the package `{program}`.");
            throw;
        }

        await Eventually.IsAsync(proxy.ListensAsync, static listens => listens);
        return proxy;
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process.HasExited, "The proxy did not start; it says why on standard error.");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Repository(string path) => File.ReadAllText(Path.Combine(Paths.Repository, path));

    private static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(FirstPort, LastPort));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }
}
