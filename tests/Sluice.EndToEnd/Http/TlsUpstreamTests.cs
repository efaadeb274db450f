using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Sluice.EndToEnd.Commands;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>Answers of an upstream that speaks TLS.</summary>
public sealed class TlsUpstreamTests
{
    private static readonly string[] s_words = ["你", "好", ", ", "encrypted", " ", "world"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AskStream_CertificateIsTrusted_StreamsAndUsesTheConnectionAgain()
    {
        using var certificate = LoopbackCertificate.Create();
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var server = await ServerProcess.ServeAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = folder.Write("trusted.pem", certificate.ExportCertificatePem()),
            ["Sluice__Providers__up__Type"] = "openai",
            ["Sluice__Providers__up__BaseUrl"] = $"https://{listener.LocalEndpoint}/v1",
        });
        var serving = ServeAsync(listener, certificate, answers: 3);

        for (var i = 0; i < 3; i++)
        {
            var answer = await Asking.EventsAsync(Asking.Ask(server.Address, "up/m"));
            Assert.True(answer.Types.Last() == "end", answer.Data[^1]);
            Assert.Equal(string.Concat(s_words), answer.Text);

            // The client has its answer a moment before the connection is free for the next.
            await Eventually.IsAsync(token => ActiveAsync(server, token), static active => active == 0);
        }

        // All of them over the one connection that was accepted.
        await serving;
    }

    private static async Task<int> ActiveAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var status = JsonDocument.Parse(await Asking.Client.GetStringAsync(new Uri(server.Address, "/statusz"), cancellationToken));
        return status.RootElement.GetProperty("active_streams").GetInt32();
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate, int answers)
    {
        using var socket = await listener.AcceptSocketAsync(Token);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Token);
        for (var i = 0; i < answers; i++)
        {
            await ReadRequestAsync(tls);
            await WriteAsync(tls, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            foreach (var word in s_words)
            {
                await WriteEventAsync(tls, $$$"""{"choices":[{"delta":{"content":"{{{word}}}"}}]}""");
            }

            await WriteEventAsync(tls, """{"choices":[{"delta":{},"finish_reason":"stop"}]}""");
            await WriteEventAsync(tls, "[DONE]");
            await WriteAsync(tls, "0\r\n\r\n");
        }
    }

    private static Task WriteEventAsync(SslStream tls, string data)
    {
        var text = $"data: {data}\n\n";
        return WriteAsync(tls, string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n"));
    }

    private static Task WriteAsync(SslStream tls, string text) => tls.WriteAsync(Encoding.UTF8.GetBytes(text), Token).AsTask();

    // The question is one JSON object, and nothing stands behind it.
    private static async Task ReadRequestAsync(SslStream tls)
    {
        var (text, buffer) = ("", new byte[4096]);
        while (!text.Contains("\r\n\r\n{", StringComparison.Ordinal) || !text.EndsWith('}'))
        {
            var read = await tls.ReadAsync(buffer, Token);
            Assert.NotEqual(0, read);
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
    }
}
