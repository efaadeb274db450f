using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

public sealed class GuideSearchTests
{
    private static readonly GuideSearch Search = new(GuideLibrary.Load());

    [Theory]
    [InlineData("how do I connect Bella?", "docs/providers.md", "Connect Bella")]
    [InlineData("connecting to bella", "docs/providers.md", "Connect Bella")]
    [InlineData("set up bella", "docs/providers.md", "Connect Bella")]
    [InlineData("How can I use Ollama?", "docs/providers.md", "Connect Ollama")]
    [InlineData("does it work with vllm", "docs/providers.md", "Connect vLLM")]
    [InlineData("deep seek setup", "docs/providers.md", "Connect DeepSeek")]
    [InlineData("How do I connect OpenAI?", "docs/providers.md", "Connect OpenAI")]
    [InlineData("how to configure LM Studio", "docs/providers.md", "Connect LM Studio")]
    [InlineData("What does 429 from Bella mean?", "docs/providers.md", "What a 429 from Bella means")]
    [InlineData("can I use Claude?", "docs/providers.md", "Anthropic, Gemini and Ollama's own API")]
    [InlineData("Is Anthropic supported?", "docs/providers.md", "Anthropic, Gemini and Ollama's own API")]
    [InlineData("What is Sluice?", "docs/getting-started.md", "What Sluice is")]
    [InlineData("how do I run the server", "docs/getting-started.md", "Install and start the server")]
    [InlineData("How do I connect a model?", "docs/getting-started.md", "Connect a model")]
    [InlineData("Which settings are there, and what are their defaults?", "docs/configuration.md", "All settings and their defaults")]
    [InlineData("how do I change the port", "docs/configuration.md", "Change the port or the address")]
    [InlineData("which configuration source wins?", "docs/configuration.md", "Where settings come from, and which one wins")]
    [InlineData("Can I set options with environment variables?", "docs/configuration.md", "Set an option with an environment variable")]
    [InlineData("hot reload", "docs/configuration.md", "Change settings without a restart (hot reload)")]
    [InlineData("are my prompts logged?", "docs/configuration.md", "Logging and privacy")]
    [InlineData("How do I keep my API key secret?", "docs/configuration.md", "Keep an API key secret")]
    [InlineData("timeout per provider", "docs/configuration.md", "Timeouts per provider and per target")]
    [InlineData("How do I use Sluice with the OpenAI Python SDK?", "docs/http-api.md", "Use the OpenAI Python SDK")]
    [InlineData("EventSource example in the browser", "docs/http-api.md", "Read a stream with EventSource in a browser")]
    [InlineData("What happens when the client disconnects?", "docs/http-api.md", "What happens when the client leaves")]
    [InlineData("how do I stop an answer", "docs/http-api.md", "What happens when the client leaves")]
    [InlineData("which endpoints exist", "docs/http-api.md", "Endpoints")]
    [InlineData("how do I load test", "docs/command-line.md", "load: measure throughput and latency")]
    [InlineData("mock model for testing", "docs/command-line.md", "upstream: a simulated model for tests")]
    [InlineData("ask from the shell", "docs/command-line.md", "ask: ask from the terminal")]
    [InlineData("write my own provider", "docs/add-a-provider.md", "Write a custom provider")]
    [InlineData("how do I require authentication?", "docs/library.md", "Authentication, CORS and rate limits")]
    [InlineData("embed it in my ASP.NET Core app", "docs/library.md", "Add Sluice to an ASP.NET Core application")]
    [InlineData("where do I put my API token?", "docs/configuration.md", "Keep an API key secret")]
    [InlineData("nginx buffers my stream", "docs/troubleshooting.md", "Tokens arrive in lumps or all at once (proxy buffering, nginx)")]
    [InlineData("upstream_idle_timeout", "docs/troubleshooting.md", "Error codes")]
    [InlineData("what do the error codes mean?", "docs/troubleshooting.md", "Error codes")]
    [InlineData("my answer times out", "docs/troubleshooting.md", "The answer times out")]
    [InlineData("corporate proxy", "docs/troubleshooting.md", "The upstream cannot be reached through a corporate proxy")]
    [InlineData("如何连接 Bella？", "docs/zh-CN/providers.md", "连接 Bella")]
    [InlineData("怎么连接ollama", "docs/zh-CN/providers.md", "连接 Ollama")]
    [InlineData("Bella 返回429是什么意思", "docs/zh-CN/providers.md", "Bella 返回 429 的含义")]
    [InlineData("Sluice是什么？", "docs/zh-CN/getting-started.md", "Sluice 是什么")]
    [InlineData("怎样启动服务器", "docs/zh-CN/getting-started.md", "安装并启动服务器")]
    [InlineData("有哪些设置，默认值是什么？", "docs/zh-CN/configuration.md", "所有设置及默认值")]
    [InlineData("怎样不重启就修改配置？", "docs/zh-CN/configuration.md", "热加载：不重启修改配置")]
    [InlineData("如何修改端口", "docs/zh-CN/configuration.md", "修改端口或监听地址")]
    [InlineData("环境变量怎么设置", "docs/zh-CN/configuration.md", "用环境变量设置")]
    [InlineData("会记录我的问题吗，日志隐私", "docs/zh-CN/configuration.md", "日志与隐私")]
    [InlineData("客户端断开会怎样", "docs/zh-CN/http-api.md", "客户端断开会怎样")]
    [InlineData("怎么压测", "docs/command-line.md", "load: measure throughput and latency")]
    public void Find_Question_PicksTheSectionThatAnswersIt(string question, string path, string heading)
    {
        var matches = Search.Find(question, 5);

        var found = string.Join(" | ", matches.Select(match => $"{match.Section.Document.Path}#{match.Section.Heading} {match.Score:F1}"));
        Assert.True(matches.Count > 0 && matches[0].Section.Document.Path == path && matches[0].Section.Heading == heading, found);
    }

    [Theory]
    [InlineData("What is the capital of France?")]
    [InlineData("Write me a poem about the sea")]
    [InlineData("Who won the world cup in 2022?")]
    [InlineData("explain quantum entanglement")]
    [InlineData("qwertz asdf")]
    [InlineData("what time is it")]
    [InlineData("write a python function that sorts a list of numbers")]
    [InlineData("Translate 'good morning' to French, please")]
    [InlineData("???")]
    [InlineData("今天天气怎么样？")]
    [InlineData("写一首关于春天的诗")]
    public void Find_QuestionAboutSomethingElse_FindsNothing(string question)
    {
        var matches = Search.Find(question, 5);

        var found = string.Join(" | ", matches.Select(match => $"{match.Section.Document.Path}#{match.Section.Heading} {match.Score:F1}"));
        Assert.True(matches.Count == 0, found);
    }

    [Fact]
    public void Find_HeadingOfAPage_FindsThatSection()
    {
        var sections = Search.Library.Sections.Where(section => section.Document.Weight >= 1).ToList();

        Assert.NotEmpty(sections);
        Assert.All(sections, section => Assert.Contains(section, Search.Find(section.Heading, 3).Select(match => match.Section)));
    }

    [Fact]
    public void Find_EnglishQuestion_FindsNoChineseSection() =>
        Assert.DoesNotContain(Search.Find("Connect Bella with BELLA_API_KEY", 50), match => match.Section.Document.IsChinese);

    [Fact]
    public void Find_SameQuestionTwice_SameAnswer() =>
        Assert.Equal(Search.Find("model timeouts", 10), new GuideSearch(Search.Library).Find("model timeouts", 10));
}
