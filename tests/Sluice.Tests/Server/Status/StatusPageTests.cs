using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Status;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Status;

public sealed class StatusPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/status", "text/html")]
    [InlineData("/status/status.js", "text/javascript")]
    [InlineData("/status/status.css", "text/css")]
    [InlineData("/status/uplot.js", "text/javascript")]
    [InlineData("/status/uplot.css", "text/css")]
    [InlineData("/status/uplot.license.txt", "text/plain")]
    public async Task Files_AreThere_UnderAPolicyThatAsksNobodyElse(string path, string type)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var response = await host.Client.GetAsync(path, Token);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'none'; script-src 'self'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfTwoWhoLook_AreTheSameSamples_AndStopWithTheLast()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done());
        var sampler = host.Services.GetRequiredService<StatusSampler>();
        Assert.False(sampler.IsRunning);
        using (var one = await LookAsync(host))
        using (var other = await LookAsync(host))
        {
            Assert.True(sampler.IsRunning);
            await host.Client.GetStringAsync("/ask/stream?prompt=hi", Token);
            await Within.UntilAsync(() => host.Log.Any(record => record.Id.Name == "Generation"));
            host.Time.Advance(StatusSampler.Interval);
            var seen = await one.NextAsync().Soon();
            Assert.Equal(seen, await other.NextAsync().Soon());
            using var sample = JsonDocument.Parse(seen);
            Assert.Equal((1, 0), (sample.RootElement.GetProperty("ended").GetInt32(), sample.RootElement.GetProperty("failed").GetInt32()));
            Assert.Equal("scripted", sample.RootElement.GetProperty("targets")[0].GetProperty("provider").GetString());
        }

        await Within.UntilAsync(() => !sampler.IsRunning);
    }

    private static async Task<Looker> LookAsync(SluiceHost host)
    {
        var response = await host.Client.GetAsync("/status/events", HttpCompletionOption.ResponseHeadersRead, Token);
        return new Looker(response, new StreamReader(await response.Content.ReadAsStreamAsync(Token)));
    }

    private sealed class Looker(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        public async Task<string> NextAsync()
        {
            while (await lines.ReadLineAsync(Token) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line["data: ".Length..];
                }
            }

            return "";
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
