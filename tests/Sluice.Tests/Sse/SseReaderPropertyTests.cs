using CsCheck;

namespace Sluice.Tests.Sse;

public sealed class SseReaderPropertyTests
{
    private static readonly Gen<byte[]> s_sizes = Gen.Byte[1, 9].Array[1, 8];

    [Fact]
    public void ReadAsync_AnyStreamInAnyPieces_GivesWhatTheSpecificationSays() =>
        StreamGenerator.AnyStream.Select(s_sizes).Sample(
            (text, sizes) =>
            {
                List<SeenEvent> expected = SpecificationReader.Read(text);
                List<ReadOnlyMemory<byte>> pieces = StreamGenerator.Cut(Reading.Utf8(text), sizes);
                Assert.Equal(expected, Reading.AllAsync(Reading.ReadByRead(pieces)).GetAwaiter().GetResult());
                Assert.Equal(expected, Reading.AllAsync(Reading.AtOnce(pieces)).GetAwaiter().GetResult());
            },
            iter: 5000);

    [Fact]
    public void ReadAsync_AnyBytesInAnyPieces_GivesTheSameAsInOne() =>
        Gen.OneOf<byte>(Gen.Byte, Gen.OneOf("data:id\r\n\r\n\0 \u00EF\u00BB\u00BF".Select(c => (byte)c).ToArray())).Array[0, 60].Select(s_sizes).Sample(
            (bytes, sizes) => Assert.Equal(
                Reading.AllAsync(Reading.AtOnce([bytes])).GetAwaiter().GetResult(),
                Reading.AllAsync(Reading.ReadByRead(StreamGenerator.Cut(bytes, sizes))).GetAwaiter().GetResult()),
            iter: 5000);
}
