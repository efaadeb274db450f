using Sluice.Server.Features;

namespace Sluice.Tests.Server.Features;

public sealed class EnvironmentKeysTests
{
    [Fact]
    public void Read_NoKey_IsNothing() =>
        Assert.Empty(Read(("OPENAI_BASE_URL", "http://h/v1"), ("BELLA_MODEL", "m"), ("OPENAI_API_KEY", ""), ("BELLA_API_KEY", "  ")));

    [Fact]
    public void Read_AKey_SwitchesItsProviderOn() => Assert.Equal(
        [("Sluice:Providers:openai:ApiKey", "k"), ("Sluice:Providers:openai:Type", "openai")],
        Read(("OPENAI_API_KEY", "k")).Order());

    [Fact]
    public void Read_WhatStandsBeside_IsTaken() => Assert.Equal(
        [("Sluice:Providers:bella:ApiKey", "k"), ("Sluice:Providers:bella:BaseUrl", "http://h/v1"), ("Sluice:Providers:bella:Model", "m"), ("Sluice:Providers:bella:Type", "bella")],
        Read(("BELLA_API_KEY", " k\n"), ("BELLA_BASE_URL", "http://h/v1"), ("BELLA_MODEL", "m")).Order());

    [Fact]
    public void Read_BothKeys_AreTwoProviders() => Assert.Equal(4, Read(("BELLA_API_KEY", "a"), ("OPENAI_API_KEY", "b")).Count);

    private static List<(string, string?)> Read(params (string Name, string Value)[] variables) =>
        [.. EnvironmentKeys.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value, new HashSet<string>()).Select(pair => (pair.Key, pair.Value))];

    [Fact]
    public void Read_AProviderThatAFileNames_GetsNoKeyFromHere() =>
        Assert.Empty(EnvironmentKeys.Read(name => name == "OPENAI_API_KEY" ? "sk-1" : null, new HashSet<string> { "openai" }));
}
