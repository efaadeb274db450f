using Sluice.Server.Upstream;

namespace Sluice.Tests.Server.Upstream;

public sealed class SimModelTests
{
    [Theory]
    [InlineData("sim-60-0", 60, 0, null, false)]
    [InlineData("sim-5-1500-headers-then-hang", 5, 1500, "headers-then-hang", false)]
    [InlineData("lat-200-30000", 200, 30000, null, true)]
    public void Parse_SimName_GivesItsParts(string model, int tokens, int microseconds, string? scenario, bool stamps) =>
        Assert.Equal(new SimModel(tokens, TimeSpan.FromMicroseconds(microseconds), scenario, stamps), SimModel.Parse(model));

    [Theory]
    [InlineData("")]
    [InlineData("gpt-4o")]
    [InlineData("sim-60")]
    [InlineData("sim-x-0")]
    [InlineData("sim--1-0")]
    [InlineData("sim-99999999-0")]
    public void Parse_OtherName_IsNull(string model) => Assert.Null(SimModel.Parse(model));
}
