using Sluice.Server.Load;

namespace Sluice.Tests.Server.Load;

public sealed class LoadTargetTests
{
    [Theory]
    [InlineData("http://h:1", null, "http://h:1/v1/chat/completions", (int)LoadDialect.OpenAi)]
    [InlineData("http://h:1/", (int)LoadDialect.Native, "http://h:1/ask/stream", (int)LoadDialect.Native)]
    [InlineData("http://h:1/ask/stream", null, "http://h:1/ask/stream", (int)LoadDialect.Native)]
    [InlineData("http://h:1/base/ask/stream", null, "http://h:1/base/ask/stream", (int)LoadDialect.Native)]
    [InlineData("http://h:1/api/chat", null, "http://h:1/api/chat", (int)LoadDialect.OpenAi)]
    [InlineData("http://h:1/other", (int)LoadDialect.Native, "http://h:1/other", (int)LoadDialect.Native)]
    public void From_Address_IsCompleted(string url, int? dialect, string target, int chosen) =>
        Assert.Equal(new LoadTarget(new Uri(target), (LoadDialect)chosen), LoadTarget.From(new Uri(url), (LoadDialect?)dialect));
}
