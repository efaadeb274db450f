using Sluice.Hosting;

namespace Sluice.Tests.Hosting;

public sealed class HedgeSettingsTests
{
    [Fact]
    public void Check_HedgeWithOneTarget_SaysWhatIsMissing() =>
        Assert.Contains("Add another", Assert.Single(SluiceOptionsCheck.Check(Options(targets: 1, isEnabled: true), [])), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Check_HedgeWithTwoTargetsOrNone_IsFine(int targets, bool isEnabled) => Assert.Empty(SluiceOptionsCheck.Check(Options(targets, isEnabled), []));

    private static SluiceOptions Options(int targets, bool isEnabled)
    {
        var model = new ModelOptions { Hedge = new HedgeSettings { Enabled = isEnabled } };
        for (var i = 0; i < targets; i++)
        {
            model.Targets.Add(new TargetOptions { Provider = "g" });
        }

        return new SluiceOptions { Providers = { ["g"] = new ProviderOptions { Type = "guide" } }, Models = { ["m"] = model } };
    }
}
