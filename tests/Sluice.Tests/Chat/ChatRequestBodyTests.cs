using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sluice.Chat;
using static Sluice.Tests.Chat.ChunkJson;

namespace Sluice.Tests.Chat;

public sealed class ChatRequestBodyTests
{
    private const string Usage = "\"stream_options\":{\"include_usage\":true}";

    private static readonly Gen<string> s_value = Gen.OneOf(
        "1", "-0.0e+5", "\"text\"", "\"\\u4f60\\ud83d\\ude00\"", "null", "true", "[ 1 , {\"model\":\"x\"} ]", "{\"stream_options\":{\"include_usage\":0}}", "{ }", "\"你好 👋\"");

    private static readonly Gen<string[]> s_members =
        from others in Gen.Select(Gen.OneOf("temperature", "tools", "\\u0078", "你", "n", "user"), s_value, (name, value) => $"\"{name}\" : {value}").Array[0, 4]
        from model in Gen.OneOf("", "\"model\":\"old\"", "\"mod\\u0065l\" :null", "\"model\":\"\"")
        from options in Gen.OneOf(
            "", "\"stream_options\":null", "\"stream_options\": { }", "\"stream_options\":{\"include_usage\":false}",
            "\"stream_options\":{\"a\":[{}],\"include_usage\" : null }", "\"stream_options\":{ \"a\":1}", Usage)
        from order in Gen.Shuffle((string[])[.. others.DistinctBy(Name, StringComparer.Ordinal), model, options, "\"stream\":true"])
        select order.Where(member => member.Length > 0).ToArray();

    [Theory]
    [InlineData("""{"model":"m","stream":true}""")]
    [InlineData(""" { "temperature" : 1.0 , "x":"\u4f60" }  """)]
    [InlineData("{}")]
    public void WriteBody_NothingToChange_IsByteForByte(string body)
    {
        Assert.Equal(body, Written(body, model: null, askForUsage: false));
        string? own = ChatRequest.Parse(Utf8(body)).Model;
        if (own is not null)
            Assert.Equal(body, Written(body, own, askForUsage: false));
    }

    [Theory]
    [InlineData("""{"model":"old","x":1}""", """{"model":"new","x":1}""")]
    [InlineData("""{ "x":1 , "mod\u0065l" : "old" }""", """{ "x":1 , "mod\u0065l" : "new" }""")]
    [InlineData("""{"model":null}""", """{"model":"new"}""")]
    [InlineData("""{"model":""}""", """{"model":"new"}""")]
    [InlineData("""{"x":{"model":"old"}}""", """{"model":"new","x":{"model":"old"}}""")]
    [InlineData("{}", """{"model":"new"}""")]
    [InlineData(" { } ", """ {"model":"new" } """)]
    [InlineData("""{"seed":1.10,"temperature":1E0}""", """{"model":"new","seed":1.10,"temperature":1E0}""")]
    public void WriteBody_AnotherModel_ChangesNothingElse(string body, string expected) =>
        Assert.Equal(expected, Written(body, "new", askForUsage: false));

    [Theory]
    [InlineData("q\"uote")]
    [InlineData("back\\slash")]
    [InlineData("你好")]
    [InlineData("line\nbreak")]
    public void WriteBody_OddModelName_IsOneJsonString(string model)
    {
        using JsonDocument written = JsonDocument.Parse(Written("""{"model":"old"}""", model, askForUsage: false));
        Assert.Equal(model, written.RootElement.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("""{"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    [InlineData("""{"stream":true,"stream_options":null}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options": { } }""", """{"stream":true,"stream_options": {"include_usage":true} }""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":false}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":null,"a":1}}""", """{"stream":true,"stream_options":{"include_usage":true,"a":1}}""")]
    [InlineData("""{"stream":true,"stream_options":{ "a":{"include_usage":1}}}""", """{"stream":true,"stream_options":{"include_usage":true,"a":{"include_usage":1}}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":false}""", """{"stream":false}""")]
    [InlineData("{}", "{}")]
    public void WriteBody_AskForUsage_OnStreamsOnly(string body, string expected) => Assert.Equal(expected, Written(body, model: null, askForUsage: true));

    [Fact]
    public void WriteBody_BothInEitherOrder_ChangesBoth()
    {
        Assert.Equal(
            """{"model":"new","stream":true,"stream_options":{"include_usage":true}}""",
            Written("""{"model":"old","stream":true,"stream_options":{"include_usage":false}}""", "new", askForUsage: true));
        Assert.Equal(
            """{"stream_options":{"include_usage":true},"stream":true,"model":"new"}""",
            Written("""{"stream_options":null,"stream":true,"model":"old"}""", "new", askForUsage: true));
        Assert.Equal(
            """{"model":"new","stream_options":{"include_usage":true},"stream":true}""",
            Written("""{"stream":true}""", "new", askForUsage: true));
    }

    [Fact]
    public void WriteBody_AnyBody_DiffersInTheseTwoFieldsOnly() =>
        s_members.Sample(
            members =>
            {
                string body = $"{{{string.Join(" ,", members)}}}";
                JsonObject expected = JsonNode.Parse(body)!.AsObject();
                expected["model"] = "new";
                JsonObject options = expected["stream_options"]?.AsObject() ?? [];
                options["include_usage"] = true;
                if (options.Parent is null)
                    expected["stream_options"] = options;
                string written = Written(body, "new", askForUsage: true);
                Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(written)), $"{body} -> {written}");
            },
            iter: 5000);

    private static string Name(string member) => member[..member.IndexOf(':', StringComparison.Ordinal)];

    private static string Written(string body, string? model, bool askForUsage)
    {
        var request = ChatRequest.Parse(Utf8(body));
        var output = new ArrayBufferWriter<byte>();
        (model is null ? request : request.For(model)).WriteBody(output, askForUsage);
        return Text(output.WrittenSpan);
    }
}
