using System.IO.Pipelines;

namespace Sluice.Tests.Sse;

/// <summary>The inputs of the public web-platform-tests (eventsource/format-*), at several chunk sizes.</summary>
public sealed class SseReaderFormatTests
{
    private static readonly string s_long = new('x', 2048);

    private static readonly Dictionary<string, (string Input, SeenEvent[] Expected)> s_cases = new(StringComparer.Ordinal)
    {
        ["bom"] = ("\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n", [Event("1"), Event("3")]),
        ["bom-2"] = ("\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n", [Event("2"), Event("3")]),
        ["bom-only"] = ("\uFEFF", []),
        ["bom-then-data"] = ("\uFEFFdata: \uFEFF\n\n", [Event("\uFEFF")]),
        ["comments"] = (
            $"data:1\r:\0\n:\r\ndata:2\n:{s_long}\rdata:3\n:data:fail\r:{s_long}\ndata:4\n\n", [Event("1\n2\n3\n4")]),
        ["data-before-final-empty-line"] = (
            "retry:1000\ndata:test1\n\nid:test\ndata:test2", [Event("test1"), SeenEvent.Of("test2", isTerminated: false)]),
        ["field-data"] = ("data:\n\ndata\ndata\n\ndata:test\n\n", [Event(""), Event("\n"), Event("test")]),
        ["field-data-alone"] = ("data\n\n", [Event("")]),
        ["field-event"] = ("event:test\ndata:x\n\ndata:x\n\n", [SeenEvent.Of("x", "test"), Event("x")]),
        ["field-event-empty"] = ("event: \ndata:data\n\n", [Event("data")]),
        ["field-event-last-wins"] = ("event:a\nevent:bc\ndata:x\n\n", [SeenEvent.Of("x", "bc")]),
        ["field-event-emptied"] = ("event:a\nevent\ndata:x\n\n", [Event("x")]),
        ["field-event-without-data"] = ("event:test\n\ndata:x\n\n", [Event("x")]),
        ["field-id"] = (
            "id:1\ndata:a\n\ndata:b\n\nid: 2\ndata:c\n\nid\ndata:d\n\n",
            [SeenEvent.Of("a", id: "1"), SeenEvent.Of("b", id: "1"), SeenEvent.Of("c", id: "2"), Event("d")]),
        ["field-id-not-ascii"] = ("id:…\ndata:a\n\n", [SeenEvent.Of("a", id: "…")]),
        ["field-id-without-data"] = ("id:1\n\ndata:a\n\n", [SeenEvent.Of("a", id: "1")]),
        ["field-id-null"] = (
            "id:ok\nid:\0\0\nid:x\0\nid:\0x\nid:x\0x\nid: \0\ndata:a\n\n", [SeenEvent.Of("a", id: "ok")]),
        ["field-parsing"] = (
            "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
            [Event("\0\n 2\n1\n3\n\n4")]),
        ["field-unknown"] = (
            "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n", [Event("test\n\ntest")]),
        ["field-names-that-begin-alike"] = ("dat:1\ndataa:2\neventa:3\nevents\nretryy:4\nretrya\nids:5\ni:6\ndata:x\n\n", [Event("x")]),
        ["field-without-name"] = ("\ndata:x\n\n\n\n", [Event("x")]),
        ["leading-space"] = ("data:\ttest\rdata: \ndata:test\n\n", [Event("\ttest\n\ntest")]),
        ["leading-space-two"] = ("data:  x \n\n", [Event(" x ")]),
        ["newlines"] = ("data:test\r\ndata\ndata:test\r\n\r", [Event("test\n\ntest")]),
        ["newlines-cr"] = ("data:1\r\rdata:2\r\r", [Event("1"), Event("2")]),
        ["newlines-crlf"] = ("data:1\r\n\r\ndata:2\r\n\r\n", [Event("1"), Event("2")]),
        ["newlines-mixed"] = ("data:1\n\r\ndata:2\r\ndata:3\n\rdata:4\r\n\n", [Event("1"), Event("2\n3"), Event("4")]),
        ["null-character"] = ("data:\0\n\n\n\n", [Event("\0")]),
        ["utf-8"] = ("data:ok…\n\n", [Event("ok…")]),
        ["empty"] = ("", []),
        ["blank-lines"] = ("\n\r\r\n\n", []),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in s_cases.Keys)
            {
                foreach (int size in (int[])[1, 2, 3, 0])
                    data.Add(name, size);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ReadAsync_FormatCase_GivesTheEventsOfTheSpecification(string name, int size)
    {
        (string input, SeenEvent[] expected) = s_cases[name];
        List<ReadOnlyMemory<byte>> pieces = Reading.Cut(Reading.Utf8(input), size);

        foreach (PipeReader pipe in (PipeReader[])[Reading.ReadByRead(pieces), Reading.AtOnce(pieces)])
            Assert.Equal(expected, await Reading.AllAsync(pipe));
    }

    private static SeenEvent Event(string data) => SeenEvent.Of(data);
}
