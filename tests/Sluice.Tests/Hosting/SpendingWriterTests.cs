using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Sluice.Hosting;
using Sluice.Limits;
using Sluice.Tests.Support;

namespace Sluice.Tests.Hosting;

public sealed class SpendingWriterTests
{
    private static readonly DateOnly Today = new(2026, 11, 29);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly HeldSpendingStore _store = new();
    private readonly SpendingBook _book = new();
    private readonly FakeLogger<SpendingWriter> _log = new();

    [Fact]
    public async Task Start_TakesOverWhatThisMonthHasSpent()
    {
        _store.Kept.Add(new Spending("caller:a", Today, 10, 1));
        _store.Kept.Add(new Spending("caller:a", Today.AddDays(-3), 5, 2));
        _store.Kept.Add(new Spending("caller:a", Today.AddDays(-40), 100, 100));
        using var writer = await StartAsync();
        Assert.Equal(new Spent(10, 15, 1, 3), _book.Look("caller:a", Today));
        Assert.Empty(_book.TakePending());
        await writer.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task EveryTwoSeconds_WhatWasSpentIsWritten_AndAtTheEnd()
    {
        using var writer = await StartAsync();
        _book.Add("caller:a", Today, 1, 0.5m);
        _book.Add("caller:a", Today, 2, 0.5m);
        _time.Advance(SpendingWriter.Interval);
        Assert.Equal([new Spending("caller:a", Today, 3, 1)], await _store.NextAsync());
        _book.Add("caller:a", Today.AddDays(1), 4, 0);
        await writer.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal([new Spending("caller:a", Today.AddDays(1), 4, 0)], await _store.NextAsync());
    }

    [Fact]
    public async Task Failing_IsTriedAgain_WithWhatHasComeByThen()
    {
        _store.Failing = 2;
        using var writer = await StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            _book.Add("caller:a", Today, 1, 1);
            _time.Advance(SpendingWriter.Interval);
            Assert.Equal([new Spending("caller:a", Today, i, i)], await _store.NextAsync());
            await Within.UntilAsync(() => _log.Collector.Count == Math.Min(i, 2));
        }

        await writer.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal([new Spending("caller:a", Today, 3, 3)], _store.Kept);
        Assert.Equal(new Spent(3, 3, 3, 3), _book.Look("caller:a", Today));
    }

    private async Task<SpendingWriter> StartAsync()
    {
        var writer = new SpendingWriter(_book, _store, _time, _log);
        await writer.StartAsync(TestContext.Current.CancellationToken);
        return writer;
    }
}
