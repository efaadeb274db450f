using System.Globalization;
using System.Text;
using CsCheck;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1HandlerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // A buffer that two answers share for a moment would show here as one answer's bytes in another.
    [Fact]
    public async Task ManyAnswersAtTheSameTime_SomeOfThemCancelled_EachHearsItsOwn()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                await connection.WriteAsync(HttpReply.StreamHead);
                foreach (var chunk in Answer(request.Text))
                {
                    await connection.WriteAsync(HttpReply.Chunk(chunk));
                    await Task.Yield();
                }

                await connection.WriteAsync(HttpReply.LastChunk);
            }
        });
        using var call = new Http1Call(upstream);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(id => Task.Run(() => AskAsync(call, id), Token)));
    }

    [Fact]
    public async Task Stream_CutAnywhereIntoChunksAndPieces_IsTheSameAnswer()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                foreach (var piece in s_reply)
                {
                    await connection.WriteAsync(piece);
                }
            }
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        await Gen.Select(Gen.OneOf("你", "好", "😀", "a", " ", "\\n").Array[1, 60], Gen.Int[1, 200].Array[1, 6], Gen.Int[1, 300].Array[1, 6]).SampleAsync(
            async (words, chunks, pieces) =>
            {
                var events = string.Concat(words.Select(word => $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n"))
                    + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
                byte[] chunked = [.. Cut(HttpReply.Utf8(events), chunks).SelectMany(HttpReply.Chunk), .. HttpReply.LastChunk];
                s_reply = [HttpReply.Utf8(HttpReply.StreamHead), .. Cut(chunked, pieces)];
                var heard = await call.AskAsync();
                Assert.True(heard.IsDone);
                Assert.Equal(string.Concat(words).Replace("\\n", "\n", StringComparison.Ordinal), heard.Text);
            },
            iter: 200,
            threads: 1);
        Assert.Equal(1, upstream.Connections);
    }

    private static byte[][] s_reply = [];

    private static async Task AskAsync(Http1Call call, int id)
    {
        for (var i = 0; i < 10; i++)
        {
            var question = string.Create(CultureInfo.InvariantCulture, $"{id}.{i}");
            var whole = string.Concat(Answer(question));
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
            using var response = await call.PostAsync(HttpReply.Utf8(question), cancel.Token);
            var body = await response.Content.ReadAsStreamAsync(Token);
            var (seen, piece) = (new StringBuilder(), new byte[3000]);
            var leaves = (id + i) % 4 == 0;
            try
            {
                int read;
                while ((read = await body.ReadAsync(piece, cancel.Token)) > 0)
                {
                    seen.Append(Encoding.ASCII.GetString(piece, 0, read));
                    if (leaves && seen.Length > whole.Length / 2)
                    {
                        await cancel.CancelAsync();
                    }
                }

                Assert.Equal(whole, seen.ToString());
            }
            catch (OperationCanceledException) when (leaves)
            {
                Assert.StartsWith(seen.ToString(), whole, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string> Answer(string question) =>
        Enumerable.Range(0, 30).Select(i => string.Concat(Enumerable.Repeat(string.Create(CultureInfo.InvariantCulture, $"{question}:{i};"), 1 + i * i % 97 * (i % 10 == 0 ? 20 : 1))));

    private static IEnumerable<byte[]> Cut(byte[] bytes, int[] sizes)
    {
        for (var (at, i) = (0, 0); at < bytes.Length; at += sizes[i++ % sizes.Length])
        {
            yield return bytes[at..Math.Min(bytes.Length, at + sizes[i % sizes.Length])];
        }
    }
}
