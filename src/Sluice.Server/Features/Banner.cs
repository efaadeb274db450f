using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sluice.Hosting;
using Sluice.Server.Access;

namespace Sluice.Server.Features;

/// <summary>What a person sees when the server is up: where it listens, what is connected, what to do next.</summary>
internal static class Banner
{
    /// <summary>Shows it as soon as the server listens.</summary>
    public static void ShowBanner(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        ConfigurationSources.HasStarted = true;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var table = app.Services.GetRequiredService<Pipeline.ModelRouter>().Table;
        var needsKey = app.Services.GetRequiredService<AccessOptions>().Enabled;
        Console.WriteLine(Text([.. addresses], app.Services.GetRequiredService<SluiceReload>().Current, table.DefaultModel, needsKey));
    });

    /// <summary>The banner.</summary>
    /// <param name="addresses">Where the server listens.</param>
    /// <param name="options">The configuration. Keys are not shown.</param>
    /// <param name="defaultModel">What is asked where a request names no model.</param>
    /// <param name="needsKey">Whether access control is on.</param>
    public static string Text(IReadOnlyList<string> addresses, SluiceOptions options, string defaultModel, bool needsKey = false)
    {
        var url = addresses.Count > 0 ? addresses[0].Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal) : "http://127.0.0.1:5080";
        var version = typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var lines = new List<string> { "", $"  Sluice {version} listens on {string.Join(", ", addresses)}", "" };
        if (options.Providers.Count == 0)
        {
            lines.Add("  No model is connected yet: the built-in guide answers, from Sluice's own documents.");
            lines.Add("  Connect one, then start again:");
            lines.Add("      export OPENAI_API_KEY=...                       or any compatible server with OPENAI_BASE_URL");
            lines.Add("      export BELLA_API_KEY=... BELLA_BASE_URL=https://host/v1");
        }

        foreach (var (name, provider) in options.Providers)
        {
            lines.Add($"  Connected  {name} ({provider.Type}) {WithoutQuery(provider.BaseUrl)}");
        }

        foreach (var (name, model) in options.Models)
        {
            lines.Add($"  Model      {name} -> {string.Join(", then ", model.Targets.Select(target => target.Model is null ? target.Provider : $"{target.Provider}/{target.Model}"))}");
        }

        lines.Add("");
        var key = needsKey ? " -H \"Authorization: Bearer $KEY\"" : "";
        lines.Add($"  Chat       {url}/");
        lines.Add($"  Ask        curl -N{key} '{url}/ask/stream?prompt=hi'        (model: {defaultModel})");
        lines.Add($"  OpenAI     {url}/v1                     any OpenAI SDK, as its base URL");
        lines.Add($"  API        {url}/reference/");
        if (needsKey)
        {
            lines.Add("  Keys       sluice keys create --name NAME            access control is on: everyone brings one");
        }

        lines.Add("");
        return string.Join(Environment.NewLine, lines);
    }

    // Some gateways take a key in the query.
    private static string? WithoutQuery(string? url) => url?.Split('?')[0];
}
