using System.Collections.Frozen;

namespace Sluice.Providers.Guide;

/// <summary>Words that stand in every question and tell nothing about its subject.</summary>
internal static class GuideStopWords
{
    /// <summary>English words, in lower case.</summary>
    public static readonly FrozenSet<string> English = FrozenSet.Create(StringComparer.Ordinal,
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does",
        "for", "from", "get", "give", "got", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its",
        "just", "me", "mean", "my", "need", "no", "not", "of", "on", "one", "or", "our", "out", "please", "put", "set", "shall", "she", "should",
        "show", "so", "some", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "time", "times", "to", "up",
        "us", "use", "used", "using", "want", "was", "way", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with",
        "would", "you", "your");

    /// <summary>Chinese words, the longer ones first: each breaks a run of characters in two.</summary>
    public static readonly string[] Chinese =
    [
        "是什么意思", "怎么样", "怎么办", "为什么", "有什么", "是什么", "有哪些",
        "什么", "怎么", "怎样", "如何", "哪些", "哪里", "请问", "可以", "能否", "是否", "这个", "那个", "一个", "一首", "关于", "多少", "我们", "你们",
        "的", "了", "吗", "呢", "是", "我", "你", "在", "和", "与", "把", "给", "就", "都", "也", "很", "请", "到", "想", "要", "会", "有", "吧",
    ];
}
