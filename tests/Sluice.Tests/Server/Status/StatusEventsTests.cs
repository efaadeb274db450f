using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Status;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Status;

public sealed class StatusEventsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
