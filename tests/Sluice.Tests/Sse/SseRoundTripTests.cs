using System.Buffers;
using System.Globalization;
using CsCheck;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseRoundTripTests
{
    [Fact]
    public void WriteEvent_ThenReadAsync_GivesTheDataWithItsLineEndsAsLineFeeds()
    {
        Gen<string> text = Gen.OneOf<string>(StreamGenerator.Text, StreamGenerator.LineEnd, Gen.Const("\0"), Gen.Const(new string('z', 5000)))
            .Array[0, 6].Select(string.Concat);
        text.Array[0, 8].Select(Gen.Byte[1, 9].Array[1, 4]).Sample(
            (payloads, sizes) =>
            {
                var output = new ArrayBufferWriter<byte>();
                for (int i = 0; i < payloads.Length; i++)
                {
                    SseWriter.WriteRetry(output, TimeSpan.FromSeconds(1));
                    SseWriter.WriteEvent(output, "st_x"u8, i, Reading.Utf8(payloads[i]));
                    output.Write(SseWriter.Ping);
                }

                IEnumerable<SeenEvent> expected = payloads.Select((payload, i) => SeenEvent.Of(
                    payload.ReplaceLineEndings("\n"), id: string.Create(CultureInfo.InvariantCulture, $"st_x.{i}")));
                List<ReadOnlyMemory<byte>> pieces = StreamGenerator.Cut(output.WrittenSpan.ToArray(), sizes);
                Assert.Equal(expected, Reading.AllAsync(Reading.ReadByRead(pieces)).GetAwaiter().GetResult());
            },
            iter: 500);
    }
}
