using Sluice.Chat;
using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class ModelDirectoryTests
{
    private readonly CountingTime _time = new();
    private readonly FakeModelSource _source = new("a", "b");
    private readonly ModelDirectory _directory;

    public ModelDirectoryTests() => _directory = new ModelDirectory(_source, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_WithinFiveMinutes_AsksOnce()
    {
        Assert.Equal(["a", "b"], await _directory.ListAsync(Token));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["a", "b"], await _directory.ListAsync(Token));
        Assert.Equal(1, _source.Asked);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _directory.ListAsync(Token);
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task ListAsync_Failure_IsKeptForTwentySeconds()
    {
        _source.Fails = true;
        await Assert.ThrowsAsync<ChatProviderException>(() => _directory.ListAsync(Token));
        _source.Fails = false;
        _time.Advance(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<ChatProviderException>(() => _directory.ListAsync(Token));
        Assert.Equal(1, _source.Asked);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a", "b"], await _directory.ListAsync(Token));
    }

    [Fact]
    public async Task ListAsync_ManyAtOnce_ShareOneQuestionAndOneMayLeave()
    {
        _source.Gate = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        Task<IReadOnlyList<string>> leaving = _directory.ListAsync(impatient.Token);
        Task<IReadOnlyList<string>>[] staying = [_directory.ListAsync(Token), _directory.ListAsync(Token)];
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        _source.Gate.SetResult();
        Assert.All(await Task.WhenAll(staying), list => Assert.Equal(["a", "b"], list));
        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task ListAsync_UpstreamIsSilent_FailsAfterFiveSeconds()
    {
        _source.Gate = new TaskCompletionSource();
        Task<IReadOnlyList<string>> list = _directory.ListAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(list.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(ChatErrorKind.HeadersTimeout, (await Assert.ThrowsAsync<ChatProviderException>(() => list)).Kind);
    }
}
