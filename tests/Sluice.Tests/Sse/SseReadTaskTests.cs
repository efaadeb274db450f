using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Sse;
using Sluice.Tests.Support;

namespace Sluice.Tests.Sse;

public sealed class SseReadTaskTests
{
    private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_AnEventComesByteByByte_WaitsUntilItIsWhole()
    {
        await using var reader = new SseReader(_pipe.Reader);
        for (var i = 0; i < 20; i++)
        {
            var reading = reader.ReadAsync(Token).AsTask();
            foreach (var symbol in $"data: {i}\n\n")
            {
                Assert.False(reading.IsCompleted);
                await SayAsync($"{symbol}");
            }

            Assert.True(await reading.Soon());
            Assert.Equal($"{i}", Encoding.UTF8.GetString(reader.Current.Data.Span));
        }

        var last = reader.ReadAsync(Token).AsTask();
        await _pipe.Writer.CompleteAsync();
        Assert.False(await last.Soon());
    }

    [Fact]
    public async Task ReadAsync_ALimitIsPassedWhileItWaits_SaysSo()
    {
        await using var reader = new SseReader(_pipe.Reader, new SseReaderOptions { MaxEventBytes = 100 });
        var reading = reader.ReadAsync(Token).AsTask();
        await SayAsync("data: ");
        Assert.False(reading.IsCompleted);
        await SayAsync(new string('x', 200));
        await Assert.ThrowsAsync<SseFormatException>(() => reading.Soon());
    }

    [Fact]
    public async Task ReadAsync_VeryManyEventsThatAreWaitedFor_DoNotDeepenTheStack()
    {
        const int Count = 100_000;
        await using var reader = new SseReader(_pipe.Reader);
        var counting = CountAsync();
        var bytes = "data: x\n\n"u8.ToArray();
        for (var i = 0; i < Count; i++)
        {
            await _pipe.Writer.WriteAsync(bytes, Token);
        }

        await _pipe.Writer.CompleteAsync();
        Assert.Equal(Count, await counting.Soon());

        async Task<int> CountAsync()
        {
            var count = 0;
            while (await reader.ReadAsync(Token))
            {
                Assert.True(RuntimeHelpers.TryEnsureSufficientExecutionStack(), $"Event {count} is read too deep in the stack.");
                count++;
            }

            return count;
        }
    }

    private async Task SayAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), Token);
}
