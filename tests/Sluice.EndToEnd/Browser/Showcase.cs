namespace Sluice.EndToEnd.Browser;

/// <summary>One of everything that an answer may consist of.</summary>
internal static class Showcase
{
    /// <summary>Its Markdown.</summary>
    public const string Text = """
        ## Streams that survive

        A *server-sent event* is a few lines of text; **every token arrives once**, in order. Inline `code`, ~~struck~~ text, a [link](https://example.com/) and an image: ![a gate](https://example.com/gate.png).

        > Nothing is lost, and it never lies.

        1. Ask
        2. Read
           - with `fetch`
           - or with `EventSource`
        3. Come back with the last id

        - [x] done
        - [ ] open

        ```csharp
        public static async Task<int> CountAsync(string text)
        {
            // How many words a text has.
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return await Task.FromResult(words.Length); // a line that is so long that it has to scroll in its own box and never widens the page itself
        }
        ```

        | Provider | First token | Tokens/s |
        |:---------|------------:|---------:|
        | Bella    | 412 ms      | 81       |
        | OpenAI   | 530 ms      | 74       |
        | A much longer name of a provider | 1,200 ms | 12 |

        The mean of $n$ values is $\bar{x} = \frac{1}{n}\sum_{i=1}^{n} x_i$, and it costs $5, not $10:

        $$\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}$$

        ---

        中文也一样：流式回答逐字显示，断线之后一个字也不会丢。
        """;
}
