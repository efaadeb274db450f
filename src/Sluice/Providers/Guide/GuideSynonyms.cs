using System.Collections.Frozen;

namespace Sluice.Providers.Guide;

/// <summary>Words that people use for what the documents call otherwise; Chinese words for what only the English documents tell.</summary>
internal static class GuideSynonyms
{
    private static readonly FrozenDictionary<string, string[]> Groups = Index(
        "key secret credential password apitoken accesstoken",
        "start run launch boot serve install",
        "connect configure setup attach hook integrate",
        "provider backend vendor upstream",
        "port address host url listen bind",
        "timeout slow hang stuck",
        "error fail failure problem wrong broken",
        "logging log privacy record",
        "disconnect leave gone abort cancel close stop",
        "simulate mock fake scripted test",
        "load benchmark throughput latency performance measure stress",
        "custom own plugin plug extend extension write",
        "limit quota 429 rate budget",
        "reload hot restart",
        "javascript js node typescript",
        "net dotnet csharp",
        "environment env variable",
        "cli command terminal shell console",
        "browser web page",
        "keepalive heartbeat ping",
        "authentication auth login authorization unauthorized",
        "library package nuget embed",
        "setting option config configuration parameter",
        "alias name rename",
        "buffering buffer lump chunky delayed",
        "health healthz readyz alive",
        "cursor id resume");

    private static readonly FrozenDictionary<string, string[]> Chinese = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["密钥"] = ["key"], ["超时"] = ["timeout"], ["错误"] = ["error"], ["报错"] = ["error"], ["命令"] = ["command"], ["终端"] = ["terminal"],
        ["压测"] = ["load", "measur"], ["性能"] = ["load", "measur"], ["模拟"] = ["simulat", "upstream"], ["插件"] = ["plug", "provider"],
        ["自定义"] = ["custom", "provider"], ["编写"] = ["write", "custom"], ["自己的"] = ["own"], ["接口"] = ["endpoint", "api"], ["端点"] = ["endpoint"], ["事件"] = ["event"],
        ["游标"] = ["cursor"], ["心跳"] = ["keepalive", "keep", "alive"], ["断开"] = ["leav", "client"], ["停止"] = ["stop", "leav"], ["离开"] = ["leav", "client"], ["代理"] = ["proxy"],
        ["缓冲"] = ["buffer"], ["限流"] = ["429", "rate"], ["浏览器"] = ["browser", "eventsource"], ["重连"] = ["reconnect"], ["类库"] = ["library"], ["作为库"] = ["library"],
        ["认证"] = ["authentic"], ["鉴权"] = ["authentic"], ["响应头"] = ["header", "respons"], ["排查"] = ["troubleshoot"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Other terms for a term; empty where there are none.</summary>
    public static string[] Of(string term) => Groups.GetValueOrDefault(term, []);

    /// <summary>English terms for the Chinese words in a question.</summary>
    public static IEnumerable<string> English(string question) => Chinese
        .Where(word => question.Contains(word.Key, StringComparison.Ordinal))
        .SelectMany(word => word.Value)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private static FrozenDictionary<string, string[]> Index(params ReadOnlySpan<string> groups)
    {
        var index = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var stems = group.Split(' ').Select(GuideStemmer.Stem).Distinct(StringComparer.Ordinal).ToArray();
            foreach (var stem in stems)
            {
                index[stem] = [.. index.GetValueOrDefault(stem, []), .. stems.Where(other => other != stem)];
            }
        }

        // One way only: what somebody calls a token may be a key, but the documents' tokens are a model's.
        index["token"] = ["key"];
        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
