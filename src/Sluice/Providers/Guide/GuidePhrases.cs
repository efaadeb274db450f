namespace Sluice.Providers.Guide;

/// <summary>What the guide says in its own words, in one language.</summary>
internal sealed class GuidePhrases
{
    private const string ConnectSnippet = """
        ```sh
        export OPENAI_API_KEY=sk-...

        # or Bella
        export BELLA_API_KEY=...
        export BELLA_BASE_URL=https://bella.example.com/v1
        ```
        """;

    /// <summary>English.</summary>
    public static GuidePhrases English { get; } = new()
    {
        Source = "Source: ",
        SeeAlso = "See also: ",
        Separator = "; ",
        NotAModel = "*I am Sluice's built-in guide, not a model: I quote its documents.*",
        Unknown = """
            I have no answer to that. I am Sluice's built-in guide, not a model: all I can do is look things up in Sluice's own documents. They tell about:
            """,
        Connect = $"""
            To have everything answered, connect a model and start the server again:

            {ConnectSnippet}
            """,
        Welcome = $"""
            Hello! This is **Sluice**, a streaming chat server for large language models. I am its built-in guide, not a model: I answer questions about Sluice from its documents.

            The shortest way to a real model is to set a key and start the server again:

            {ConnectSnippet}

            Until then, ask me for example:

            - How do I connect Bella?
            - Which settings are there, and what are their defaults?
            - How do I use Sluice with the OpenAI Python SDK?

            """,
        Quoted = static heading => $", “{heading}”",
    };

    /// <summary>Chinese.</summary>
    public static GuidePhrases Chinese { get; } = new()
    {
        Source = "出处：",
        SeeAlso = "另请参阅：",
        Separator = "；",
        NotAModel = "*我是 Sluice 的内置向导，不是模型：以上内容引自它的文档。*",
        Unknown = "这个问题我回答不了。我是 Sluice 的内置向导，不是模型，只能查阅 Sluice 自己的文档。文档的内容有：",
        Connect = $"""
            想让一切问题都得到回答，请连接一个模型，然后重新启动服务器：

            {ConnectSnippet}
            """,
        Welcome = $"""
            你好！这里是 **Sluice**，面向大语言模型的流式聊天服务器。我是它的内置向导，不是模型，根据文档回答关于 Sluice 的问题。

            连接真实模型最短的方法是设置密钥，然后重新启动服务器：

            {ConnectSnippet}

            在此之前，可以这样问我：

            - 如何连接 Bella？
            - 有哪些设置，默认值是什么？
            - 怎样不重启就修改配置？

            """,
        Quoted = static heading => $"「{heading}」",
    };

    /// <summary>Stands before where a quotation is from.</summary>
    public required string Source { get; init; }

    /// <summary>Stands before the names of other sections.</summary>
    public required string SeeAlso { get; init; }

    /// <summary>Stands between two names.</summary>
    public required string Separator { get; init; }

    /// <summary>Says briefly that nobody thought here.</summary>
    public required string NotAModel { get; init; }

    /// <summary>Says that the documents do not tell; a list of them follows.</summary>
    public required string Unknown { get; init; }

    /// <summary>How to connect a model.</summary>
    public required string Connect { get; init; }

    /// <summary>The answer to a greeting.</summary>
    public required string Welcome { get; init; }

    /// <summary>A heading as it stands behind its document's path.</summary>
    public required Func<string, string> Quoted { get; init; }
}
