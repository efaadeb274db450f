using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Hosting;
using Sluice.Pipeline;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Hosting;

public sealed class SluiceReloadTests
{
    [Fact]
    public async Task Reload_GoodChange_HoldsForNewRequests()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), ("Sluice:KeepAlive", "00:00:10"));
        host.Configuration["Sluice:Models:new:Targets:0:Provider"] = "scripted";
        host.Configuration["Sluice:DefaultModel"] = "new";
        host.Configuration["Sluice:KeepAlive"] = "00:00:20";
        host.Configuration["Sluice:Limits:MaxRequestBytes"] = "1024";
        host.Configuration.Reload();
        Assert.Contains("\"model\":\"new\"", await host.Client.GetStringAsync("/ask/stream?prompt=a", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(20), host.Services.GetRequiredService<StreamOptions>().KeepAlive);
        using var large = new StringContent(new string(' ', 2000));
        Assert.Equal(413, (int)(await host.Client.PostAsync("/ask/stream", large, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains(host.Log, record => record.Id.Id == 700);
    }

    [Fact]
    public async Task Reload_BadChange_IsReportedAndTheOldOneStays()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), ("Sluice:KeepAlive", "00:00:10"));
        var table = host.Services.GetRequiredService<ModelRouter>().Table;
        host.Configuration["Sluice:KeepAlive"] = "20";
        host.Configuration["Sluice:DefaultModel"] = "nowhere";
        host.Configuration.Reload();
        Assert.Same(table, host.Services.GetRequiredService<ModelRouter>().Table);
        Assert.Equal(TimeSpan.FromSeconds(10), host.Services.GetRequiredService<StreamOptions>().KeepAlive);
        var record = Assert.Single(host.Log, record => record.Id.Id == 701);
        Assert.Contains("Sluice:KeepAlive must be", record.Message, StringComparison.Ordinal);
        Assert.Contains("Sluice:DefaultModel `nowhere`", record.Message, StringComparison.Ordinal);

        host.Configuration["Sluice:KeepAlive"] = "00:00:20";
        host.Configuration["Sluice:DefaultModel"] = "scripted";
        host.Configuration.Reload();
        Assert.Equal(TimeSpan.FromSeconds(20), host.Services.GetRequiredService<StreamOptions>().KeepAlive);
    }

    [Fact]
    public async Task Reload_SetUpByCodeFails_IsReportedAndTheOldOneStays()
    {
        var calls = 0;
        await using var host = await SluiceHost.StartAsync(
            new Script().Done(),
            sluice => sluice.ConfigureProvider("p", p =>
            {
                p.Type = "guide";
                _ = ++calls <= 3 ? 0 : throw new InvalidOperationException("vault is closed");
            }));
        var table = host.Services.GetRequiredService<ModelRouter>().Table;
        calls = 3;
        host.Configuration.Reload();
        Assert.Same(table, host.Services.GetRequiredService<ModelRouter>().Table);
        Assert.Equal("vault is closed", Assert.Single(host.Log, record => record.Id.Id == 702).Exception!.Message);
    }

    [Fact]
    public async Task Reload_RunningStreams_AreNotDisturbed()
    {
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Wait(gate.Task).Text("b").Finish().Done(), ("Sluice:Models:m:Targets:0:Provider", "scripted"));
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=a&model=m", "Connection: close\r\n");
        await client.ReadUntilAsync("\"a\"");
        host.Configuration["Sluice:Models:m:Targets:0:Provider"] = null;
        host.Configuration["Sluice:Models:n:Targets:0:Provider"] = "scripted";
        host.Configuration["Sluice:Models:m:Targets:0:Provider"] = "scripted";
        host.Configuration["Sluice:Timeouts:Idle"] = "00:00:01";
        host.Configuration.Reload();
        host.Time.Advance(TimeSpan.FromSeconds(10));
        gate.SetResult();
        Assert.Contains("\"type\":\"end\",\"answer\":\"ab\"", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void MapSluice_WithoutAddSluice_SaysWhatIsMissing()
    {
        var builder = Sluice.Server.Features.SlimBuilder.Create();
        using var app = builder.Build();
        var e = Assert.Throws<InvalidOperationException>(() => Microsoft.AspNetCore.Builder.SluiceEndpointRouteBuilderExtensions.MapSluice(app));
        Assert.Contains("builder.Services.AddSluice(", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MapSluice_BadConfiguration_RefusesToStart()
    {
        var builder = Sluice.Server.Features.SlimBuilder.Create();
        builder.Configuration["Sluice:KeepAlive"] = "x";
        builder.Services.AddSluice(builder.Configuration.GetSection("Sluice"));
        using var app = builder.Build();
        Assert.Throws<SluiceConfigurationException>(() => Microsoft.AspNetCore.Builder.SluiceEndpointRouteBuilderExtensions.MapSluice(app));
    }
}
