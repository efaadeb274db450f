using Microsoft.Extensions.Configuration;
using Sluice.Server.Features;

namespace Sluice.Tests.Server.Features;

public sealed class ConfigurationSourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void UseSluiceSources_LaterOnesWin()
    {
        var file = Write("s.json", """{"Sluice":{"DefaultModel":"file","Limits":{"MaxEventBytes":"5000"},"KeepAlive":"00:00:03"}}""");
        Environment.SetEnvironmentVariable("Sluice__KeepAlive", "00:00:04");
        Environment.SetEnvironmentVariable("Sluice__Limits__MaxMalformedChunks", "7");
        try
        {
            using var configuration = Read("--config", file, "--Sluice:KeepAlive=00:00:05");
            Assert.Equal("file", configuration["Sluice:DefaultModel"]);
            Assert.Equal("5000", configuration["Sluice:Limits:MaxEventBytes"]);
            Assert.Equal("7", configuration["Sluice:Limits:MaxMalformedChunks"]);
            Assert.Equal("00:00:05", configuration["Sluice:KeepAlive"]);
            using var without = Read($"--config={file}");
            Assert.Equal("00:00:04", without["Sluice:KeepAlive"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Sluice__KeepAlive", null);
            Environment.SetEnvironmentVariable("Sluice__Limits__MaxMalformedChunks", null);
        }
    }

    [Fact]
    public void UseSluiceSources_ANameThatBeginsWithADot_IsAFileToo()
    {
        using var configuration = Read("--config", Write(".hidden.json", """{"Sluice":{"DefaultModel":"x"}}"""));
        Assert.Equal("x", configuration["Sluice:DefaultModel"]);
    }

    [Theory]
    [InlineData("--config|/nonexistent/s.json", "--config: there is no file /nonexistent/s.json.")]
    [InlineData("--config=/nonexistent/folder/s.json", "--config: there is no file")]
    [InlineData("--config", "--config wants a file")]
    [InlineData("--urls", "--urls wants a value.")]
    [InlineData("--urls=a|--Sluice:KeepAlive", "--Sluice:KeepAlive wants a value.")]
    [InlineData("http://127.0.0.1:1", "`http://127.0.0.1:1` is not understood.")]
    [InlineData("--urls|a|b", "`b` is not understood.")]
    [InlineData("-urls|a", "`-urls` is not understood.")]
    public void UseSluiceSources_WrongUsage_IsTold(string args, string message)
    {
        var e = Assert.Throws<UsageException>(() => Read(args.Split('|')));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(2, StartupError.Describe(e)!.ExitCode);
    }

    [Fact]
    public void UseSluiceSources_BrokenFile_IsAStartUpErrorThatNamesIt()
    {
        var file = Write("broken.json", "{\"Sluice\":");
        var e = Assert.ThrowsAny<Exception>(() => Read("--config", file));
        var problem = StartupError.Describe(e);
        Assert.NotNull(problem);
        Assert.Equal(2, problem.ExitCode);
        Assert.Contains("broken.json", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseSluiceSources_FileBreaksWhileTheServerRuns_WhatItHeldStays()
    {
        var file = Write("s.json", """{"Sluice":{"DefaultModel":"before"}}""");
        using var configuration = Read("--config", file);
        var before = ConfigurationSources.HasStarted;
        ConfigurationSources.HasStarted = true;
        try
        {
            await File.WriteAllTextAsync(file, "{\"Sluice\":", TestContext.Current.CancellationToken);
            ((IConfigurationRoot)configuration).Reload();
            Assert.Equal("before", configuration["Sluice:DefaultModel"]);
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
            ((IConfigurationRoot)configuration).Reload();
            Assert.Equal("before", configuration["Sluice:DefaultModel"]);
            await File.WriteAllTextAsync(file, """{"Sluice":{"DefaultModel":"after"}}""", TestContext.Current.CancellationToken);
            ((IConfigurationRoot)configuration).Reload();
            Assert.Equal("after", configuration["Sluice:DefaultModel"]);
        }
        finally
        {
            ConfigurationSources.HasStarted = before;
        }
    }

    private static ConfigurationManager Read(params string[] args)
    {
        var configuration = new ConfigurationManager();
        try
        {
            configuration.UseSluiceSources(args);
            return configuration;
        }
        catch
        {
            configuration.Dispose();
            throw;
        }
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
