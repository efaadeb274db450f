using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Limits;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

/// <summary>Two hundred clients at once: exactly as many are let in as may be, and whoever is killed makes room for another.</summary>
public sealed class ManyClientsLimitTests
{
    private const int Clients = 200;

    [Fact]
    public async Task Places_AreNeverMoreThanThereAre_AndComeBackFromTheKilled()
    {
        const int Places = 20;
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(
            new Script().Text("a").Hop().Wait(gate.Task).Finish().Usage().Done(), CallerHeader.Use,
            ("Sluice:Limits:Callers:ConcurrentStreams", $"{Places}"), ("Sluice:Limits:Callers:TokensPerMinute", "100000000"), ("Sluice:Limits:Callers:TokensPerDay", "100000000"));
        var admission = host.Services.GetRequiredService<Admission>();
        var first = await AskAsync(host);
        Assert.Equal((Places, Places, Places), (first.Count, admission.Active("caller:a"), host.Script.Open));

        for (var killed = 1; killed <= 3; killed++)
        {
            foreach (var response in first.Take(Places / 2))
            {
                response.Dispose();
            }

            await Within.UntilAsync(() => admission.Active("caller:a") == Places / 2 && host.Hub.Active == Places / 2);
            var next = await AskAsync(host);
            Assert.Equal(Places / 2, next.Count);
            first = [.. first.Skip(Places / 2), .. next];
            Assert.Equal(Places, host.Script.Open);
        }

        gate.SetResult();
        await Task.WhenAll(first.Select(StreamResumeTests.TextAsync)).Soon();
        Assert.Equal(0, admission.Active("caller:a"));
        host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, admission.Busy);
        first.ForEach(response => response.Dispose());
    }

    [Theory]
    [InlineData("Sluice:Limits:Callers:RequestsPerMinute", "50", 50)]
    [InlineData("Sluice:Limits:Callers:TokensPerMinute", "5099", 50)]
    [InlineData("Sluice:Limits:Callers:TokensPerDay", "5001", 50)]
    public async Task WhileTheyRun_ExactlyAsManyAreLetInAsFit(string setting, string value, int fit)
    {
        // A question of one token, and 101 or 99 for its answer: what is expected counts while it runs.
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(
            new Script().Text("a").Hop().Wait(gate.Task).Finish().Usage().Done(), CallerHeader.Use,
            (setting, value), ("Sluice:Limits:ExpectedAnswerTokens", setting.EndsWith("Day", StringComparison.Ordinal) ? "101" : "100"));
        var admitted = await AskAsync(host);
        Assert.Equal((fit, fit), (admitted.Count, host.Script.Calls));
        gate.SetResult();
        await Task.WhenAll(admitted.Select(StreamResumeTests.TextAsync)).Soon();
        Assert.Equal(0, host.Services.GetRequiredService<Admission>().Active("caller:a"));
        admitted.ForEach(response => response.Dispose());
    }

    // All at once; those who are let in.
    private static async Task<List<HttpResponseMessage>> AskAsync(SluiceHost host)
    {
        var admitted = new ConcurrentBag<HttpResponseMessage>();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"stream":true,"messages":[{"role":"user","content":"hi"}]}""") };
            request.Headers.Add(CallerHeader.Name, "a");
            var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                admitted.Add(response);
                return;
            }

            using (response)
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            }
        })).Soon();
        return [.. admitted];
    }
}
