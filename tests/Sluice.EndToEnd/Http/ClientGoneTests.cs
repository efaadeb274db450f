using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>Nobody listens: the upstream is let go of at once, wherever it is.</summary>
[Collection(nameof(AloneTests))]
public sealed class ClientGoneTests(ClientGoneTests.OwnGateway own) : IClassFixture<ClientGoneTests.OwnGateway>
{
    // It takes milliseconds; a keep-alive, after which a dead connection would be noticed anyway, comes every fifteen seconds.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("up/sim-60-0-hang", "before the headers")]
    [InlineData("up/sim-60-0-headers-then-hang", "before the first token")]
    [InlineData("up/sim-60-0-slow-first", "before the first token")]
    [InlineData("up/sim-60-0-stall", "in a silence")]
    [InlineData("up/sim-100000-2000", "in mid-stream")]
    [InlineData("up/sim-1000000-0", "in full flow")]
    public async Task ClientLeaves_UpstreamIsFree(string model, string when)
    {
        foreach (var request in new[] { Asking.OpenAi(own.Server.Address, model), Asking.Ask(own.Server.Address, model) })
        {
            await IsAsync(stats => stats.Active == 0);
            var before = (await StatsAsync()).Aborted;
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var reading = ReadAsync(request, leave.Token);
            await IsAsync(stats => stats.Active == 1);
            if (when.StartsWith("in ", StringComparison.Ordinal))
            {
                await reading.Begun;
            }

            await leave.CancelAsync();

            await IsAsync(stats => stats.Active == 0, Soon);
            Assert.Equal(before + 1, (await StatsAsync()).Aborted);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Ended);
        }
    }

    private Task<UpstreamStats> StatsAsync() => UpstreamStats.ReadAsync(own.Upstream, TestContext.Current.CancellationToken);

    private Task<UpstreamStats> IsAsync(Func<UpstreamStats, bool> wanted, TimeSpan? within = null) =>
        Eventually.IsAsync(cancel => UpstreamStats.ReadAsync(own.Upstream, cancel), wanted, within);

    private static (Task Begun, Task Ended) ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (begun.Task, RunAsync());

        async Task RunAsync()
        {
            using var response = await Asking.SendUntilAsync(request, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
                begun.TrySetResult();
            }
        }
    }

    /// <summary>A gateway that only these tests use, one after the other.</summary>
    public sealed class OwnGateway : IAsyncLifetime
    {
        private Gateway? _gateway;

        internal ServerProcess Upstream => _gateway!.Upstream;

        internal ServerProcess Server => _gateway!.Server;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => _gateway = await Gateway.StartAsync();

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => _gateway?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
