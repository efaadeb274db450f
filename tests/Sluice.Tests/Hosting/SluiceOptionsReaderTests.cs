using Sluice.Hosting;
using Sluice.Tests.Support;

namespace Sluice.Tests.Hosting;

public sealed class SluiceOptionsReaderTests
{
    [Fact]
    public void Read_Nothing_IsTheDefaults()
    {
        var options = SettingsSection.Read("{}");
        Assert.Empty(options.Providers);
        Assert.Empty(options.Models);
        Assert.Null(options.DefaultModel);
        Assert.Equal(TimeSpan.FromSeconds(15), options.KeepAlive);
        Assert.Equal(TimeSpan.FromSeconds(25), options.Shutdown.Grace);
        Assert.Equal(32 * 1024 * 1024, options.Limits.MaxRequestBytes);
        Assert.Equal(8 * 1024 * 1024, options.Limits.MaxEventBytes);
        Assert.Equal(16, options.Limits.MaxMalformedChunks);
        Assert.Null(options.Timeouts.Connect);
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var options = SettingsSection.Read(
            """
            { "DefaultModel": "chat", "KeepAlive": "00:00:20",
              "Providers": { "b": { "Type": "Bella", "BaseUrl": "https://h/v1", "ApiKey": "k", "Model": "m", "IncludeUsage": false, "Timeouts": { "Idle": "00:00:07" } } },
              "Models": { "chat": { "Targets": [ { "Provider": "B", "Model": "x", "Timeouts": { "FirstToken": "00:00:00.5" } } ] } },
              "Timeouts": { "Connect": "00:00:01", "Headers": "00:00:02", "FirstToken": "00:00:03", "Idle": "00:00:04", "NonStreaming": "00:00:05" },
              "Limits": { "MaxRequestBytes": 2048, "MaxEventBytes": 4096, "MaxMalformedChunks": 0 }, "Shutdown": { "Grace": "00:00:00" } }
            """);
        var provider = options.Providers["b"];
        Assert.Equal(("https://h/v1", "k", "m", false, TimeSpan.FromSeconds(7)), (provider.BaseUrl, provider.ApiKey, provider.Model, provider.IncludeUsage, provider.Timeouts.Idle));
        var target = Assert.Single(options.Models["chat"].Targets);
        Assert.Equal(("B", "x", TimeSpan.FromSeconds(0.5)), (target.Provider, target.Model, target.Timeouts.FirstToken));
        Assert.Equal(TimeSpan.FromSeconds(5), options.Timeouts.NonStreaming);
        Assert.Equal((2048, 4096, 0), (options.Limits.MaxRequestBytes, options.Limits.MaxEventBytes, options.Limits.MaxMalformedChunks));
    }

    [Fact]
    public void Read_ManyErrors_TellsAllAtOnce()
    {
        var problems = SettingsSection.Problems(
            """
            { "KeepAlive": "00:10:00", "Timeouts": { "Idel": "00:00:01" }, "DefaultModel": "nope",
              "Providers": { "a": { "Type": "bella" }, "b": { "BaseUrl": "ftp://x", "ApiKey": "" } },
              "Models": { "m": { "Targets": [ { "Provider": "zzz" } ] }, "n": { "Targets": [] } } }
            """);
        string[] expected =
        [
            "Sluice:DefaultModel `nope` leads nowhere.", "Sluice:KeepAlive must be", "Sluice:Models:m:Targets:0:Provider `zzz` is not configured.", "Sluice:Models:n:Targets is empty.",
            "Sluice:Providers:a:BaseUrl is missing.", "Sluice:Providers:b:ApiKey is empty.", "Sluice:Providers:b:BaseUrl must be", "Sluice:Timeouts:Idel is no setting.",
        ];
        Assert.Equal(expected.Length, problems.Count);
        Assert.All(problems.Order(StringComparer.Ordinal).Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"Provders":{}}""", "Sluice:Provders is no setting. There are: DefaultModel, KeepAlive, Providers, Models, Price, Timeouts, Retry, Rescue, Breaker, Limits, Health, Metrics, Streams, Shutdown.")]
    [InlineData("""{"Providers":{"a":{"BaseURI":"x"}}}""", "Sluice:Providers:a:BaseURI is no setting. There are: Type, BaseUrl, ApiKey, Model, IncludeUsage, MaxConcurrency, Rescue, Timeouts.")]
    [InlineData("""{"Models":{"a":{"Targets":[{"Provider":"g","Modl":"x"}]}},"Providers":{"g":{"Type":"guide"}}}""", "Sluice:Models:a:Targets:0:Modl is no setting. There are: Provider, Model, Priority, Weight, MaxConcurrency, Timeouts.")]
    [InlineData("""{"Limits":{"Callers":{"RequestsPerMinute":0}}}""", "Sluice:Limits:Callers:RequestsPerMinute must be a whole number from 1 to 1000000000, not `0`.")]
    [InlineData("""{"Price":{"Input":"1,5"}}""", "Sluice:Price:Input must be a number from 0 to 1000000, not `1,5`.")]
    [InlineData("""{"Limits":{"Callers":{"CostPerDay":1}}}""", "Sluice:Limits:Callers sets a budget in cost, and no model has a price, so nothing would ever be booked on it. Set the price of a million tokens: Sluice:Price or Sluice:Models:NAME:Price.")]
    [InlineData("""{"Models":{"a":{"Targets":[{"Provider":"g"}],"Limits":{"CostPerMonth":1}}},"Providers":{"g":{"Type":"guide"}}}""", "Sluice:Models:a:Limits sets a budget in cost, and the model has no price, so nothing would ever be booked on it. Set the price of a million tokens: Sluice:Models:a:Price or Sluice:Price.")]
    [InlineData("""{"KeepAlive":"15"}""", "Sluice:KeepAlive must be a time as hh:mm:ss from 00:00:01 to 00:05:00, not `15`.")]
    [InlineData("""{"KeepAlive":"00:00:00"}""", "Sluice:KeepAlive must be a time as hh:mm:ss from 00:00:01 to 00:05:00, not `00:00:00`.")]
    [InlineData("""{"KeepAlive":"soon"}""", "Sluice:KeepAlive must be a time as hh:mm:ss from 00:00:01 to 00:05:00, not `soon`.")]
    [InlineData("""{"KeepAlive":{"x":"1"}}""", "Sluice:KeepAlive must be a time as hh:mm:ss from 00:00:01 to 00:05:00, not ``.")]
    [InlineData("""{"Timeouts":{"Idle":"-00:00:01"}}""", "Sluice:Timeouts:Idle must be a time as hh:mm:ss from 00:00:00.001 to 1.00:00:00, not `-00:00:01`.")]
    [InlineData("""{"Timeouts":"00:00:01"}""", "Sluice:Timeouts holds settings of its own and takes no value.")]
    [InlineData("""{"Limits":{"MaxRequestBytes":"1e3"}}""", "Sluice:Limits:MaxRequestBytes must be a whole number from 1024 to 1073741824, not `1e3`.")]
    [InlineData("""{"Providers":{"a":{"IncludeUsage":"maybe"}}}""", "Sluice:Providers:a:IncludeUsage must be true or false, not `maybe`.")]
    [InlineData("""{"Providers":{"a":{"Type":"ollama"}}}""", "Sluice:Providers:a:Type `ollama` is not supported by this version. Use its OpenAI-compatible address with Type `openai`, where it has one.")]
    [InlineData("""{"Providers":{"a":{"Type":"opnai"}}}""", "Sluice:Providers:a:Type must be one of bella, openai, guide, not `opnai`.")]
    [InlineData("""{"Providers":{"a/b":{}}}""", "Sluice:Providers:a/b: a provider's name must not hold `/`, which separates provider and model in `provider/model`.")]
    [InlineData("""{"Providers":{"a":{"BaseUrl":"https://user:pass@h/v1"}}}""", "Sluice:Providers:a:BaseUrl must be an absolute http or https address without a user name, such as https://host/v1.")]
    [InlineData("""{"Providers":{"a":{"BaseUrl":"h/v1"}}}""", "Sluice:Providers:a:BaseUrl must be an absolute http or https address without a user name, such as https://host/v1.")]
    [InlineData("""{"Models":{"m":{"Targets":[{"Provider":"x"}]}},"Providers":{"y":{},"a":{}}}""", "Sluice:Models:m:Targets:0:Provider `x` is not configured. Configured are: a, y.")]
    [InlineData("""{"Models":{"m":{"Targets":[{"Model":"x"}]}}}""", "Sluice:Models:m:Targets:0:Provider `` is not configured. No provider is configured: add one under Sluice:Providers.")]
    [InlineData("""{"DefaultModel":"a/","Providers":{"a":{}}}""", "Sluice:DefaultModel `a/` leads nowhere. Name a key of Sluice:Models, `provider/model`, or a provider. Configured are: a.")]
    public void Read_OneError_NamesThePathAndTheFix(string json, string problem) => Assert.Equal([problem], SettingsSection.Problems(json));

    [Theory]
    [InlineData("""{"DefaultModel":"guide"}""")]
    [InlineData("""{"DefaultModel":"a/any/thing","Providers":{"a":{}}}""")]
    [InlineData("""{"DefaultModel":"A","Providers":{"a":{}}}""")]
    [InlineData("""{"defaultmodel":"m","PROVIDERS":{"a":{"TYPE":"GUIDE"}},"Models":{"m":{"Targets":[{"Provider":"a"}]}}}""")]
    public void Read_Good_IsTaken(string json) => Assert.NotNull(SettingsSection.Read(json).DefaultModel);

    [Theory]
    [InlineData("""{"Providers":null}""")]
    [InlineData("""{"Providers":{}}""")]
    [InlineData("""{"Providers":{"a":null}}""")]
    [InlineData("""{"Providers":{"a":{"Timeouts":null}}}""")]
    [InlineData("""{"Models":null,"Timeouts":null,"Limits":null,"Shutdown":null}""")]
    [InlineData("""{"Models":{"m":{"Targets":[{"Provider":"a","Timeouts":null}]}},"Providers":{"a":{"Timeouts":{}}}}""")]
    public void Read_NullInTheFile_IsAsIfItWereNotThere(string json)
    {
        var options = SettingsSection.Read(json);
        Assert.NotNull(options.Timeouts);
        Assert.NotNull(options.Limits);
        Assert.NotNull(options.Shutdown);
        Assert.All(options.Providers.Values, provider => Assert.NotNull(provider.Timeouts));
        Assert.All(options.Models.Values, model => Assert.All(model.Targets, target => Assert.NotNull(target.Timeouts)));
    }

    [Theory]
    [InlineData("""{"Models":{"m":null}}""", "Sluice:Models:m:Targets is empty.")]
    [InlineData("""{"Models":{"m":{"Targets":null}}}""", "Sluice:Models:m:Targets is empty.")]
    [InlineData("""{"Models":{"m":{"Targets":[null]}}}""", "Sluice:Models:m:Targets")]
    [InlineData("""{"Providers":{"a":{"ApiKey":null}}}""", "Sluice:Providers:a:ApiKey is empty.")]
    public void Read_NullWhereSomethingIsNeeded_IsTold(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(SettingsSection.Problems(json)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Providers":{"a":{"ApiKey":"CANARY key"}}}""")]
    [InlineData("""{"Providers":{"a":{"ApiKey":"CANARYé"}}}""")]
    [InlineData("""{"Providers":{"a":{"ApiKey":"CANARY\n"}}}""")]
    [InlineData("""{"Providers":{"a":{"ApiKey":"CANARY","BaseUrl":"https://CANARY@h/v1"}}}""")]
    [InlineData("""{"Providers":{"a":{"ApiKey":"CANARY","Type":"x"},"b":{"ApiKey":"CANARY","KeepAlive":"x"}}}""")]
    public void Read_Errors_NeverRepeatASecret(string json)
    {
        var e = Assert.Throws<SluiceConfigurationException>(() => SettingsSection.Read(json));
        Assert.DoesNotContain("CANARY", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Sluice:Providers:b:ApiKey is empty.")]
    [InlineData("a b", "Sluice:Providers:b:ApiKey holds white space")]
    public void Read_CodeSetsABadKey_IsTold(string key, string problem) =>
        Assert.StartsWith(problem, Assert.Single(SettingsSection.Problems("{}", sluice => sluice.ConfigureProvider("b", b => b.ApiKey = key))), StringComparison.Ordinal);

    [Fact]
    public void Read_CodeSetsABadUrl_IsTold() =>
        Assert.StartsWith("Sluice:Providers:b:BaseUrl must be", Assert.Single(SettingsSection.Problems("{}", sluice => sluice.ConfigureProvider("b", b => b.BaseUrl = "x"))), StringComparison.Ordinal);

    [Fact]
    public void Read_CodeAndConfiguration_CodeIsLast()
    {
        var options = SettingsSection.Read(
            """{"Providers":{"B":{"ApiKey":"file","Model":"m","BaseUrl":"http://h"}}}""",
            sluice => sluice.ConfigureProvider("b", b => b.ApiKey = "code").ConfigureProvider("b", b => b.ApiKey += "2"));
        var provider = Assert.Single(options.Providers).Value;
        Assert.Equal(("code2", "m"), (provider.ApiKey, provider.Model));
    }
}
