using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class ReadWaitTests
{
    [Fact]
    public async Task Execute_EndsTheTaskOnce()
    {
        var wait = new ReadWait();
        Assert.False(wait.Task.IsCompleted);
        wait.Execute();
        await wait.Task.Soon();
        Assert.Throws<InvalidOperationException>(wait.Execute);
    }
}
