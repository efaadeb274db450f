using System.Globalization;
using System.Text;

namespace Sluice.Benchmarks.Sse;

/// <summary>What an OpenAI-compatible upstream sends for one token: a JSON object of 340 bytes.</summary>
internal static class OpenAiChunks
{
    public const int ChunkBytes = 340;

    private const string Head =
        "{\"id\":\"chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG\",\"object\":\"chat.completion.chunk\",\"created\":1741570283,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_50cad350e4\","
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";

    private const string Tail = "\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"";

    public static byte[] Chunk(int number)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"{Head} tok{number % 1000:000}{Tail}");
        return Encoding.ASCII.GetBytes(start.PadRight(ChunkBytes - 2, 'x') + "\"}");
    }

    public static byte[] Stream(int events)
    {
        var stream = new MemoryStream();
        for (int i = 0; i < events; i++)
        {
            stream.Write("data: "u8);
            stream.Write(Chunk(i));
            stream.Write("\n\n"u8);
        }

        return stream.ToArray();
    }
}
