using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Tests.Server.Upstream;

public sealed class ScenarioRegistryTests
{
    [Theory]
    [InlineData("refuse 429 500 503 hang headers-then-hang stall cut cut-clean malformed no-done huge-line invalid-utf8 error-chunk")]
    [InlineData("json-error-200 wrong-content-type redirect gzip comments empty-data crlf one-byte context-length content-filter auth")]
    [InlineData("ok tools reasoning bella-error bella-merged 429-qps 429-load 429-trial 429-budget")]
    [InlineData("s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16 random")]
    public void Find_DocumentedName_IsThere(string names) =>
        Assert.All(names.Split(' '), name => Assert.NotNull(ScenarioRegistry.Find(name)));

    [Fact]
    public void Find_UnknownName_IsNull() => Assert.Null(ScenarioRegistry.Find("nope"));

    [Fact]
    public void All_EachName_CanBePartOfAModelName() => Assert.All(ScenarioRegistry.All, e => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", e.Name));

    [Fact]
    public void Listing_HasOneLineForEach() => Assert.Equal(ScenarioRegistry.All.Count, ScenarioRegistry.Listing().Split('\n').Length);
}
