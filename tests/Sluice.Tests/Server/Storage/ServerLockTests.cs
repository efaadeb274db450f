using Sluice.Server.Storage;

namespace Sluice.Tests.Server.Storage;

public sealed class ServerLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-lock-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Alone_IsWhoFindsNoOther_WhicheverOfThemCameFirst()
    {
        var first = Lock();
        using var second = Lock();
        Assert.True(await first.TakeAsync(Token));
        Assert.False(await second.TakeAsync(Token));
        first.Dispose();
        using var third = Lock();
        Assert.False(await third.TakeAsync(Token));
        second.Dispose();
        third.Dispose();
        using var fourth = Lock();
        Assert.True(await fourth.TakeAsync(Token));
    }

    [Fact]
    public async Task Database_ThatIsServed_IsNobodysAlone()
    {
        using var served = new ServerLock(file: null, "somewhere");
        Assert.False(await served.TakeAsync(Token));
    }

    private ServerLock Lock() => new(Path.Combine(_folder, "x.db"), "here");
}
