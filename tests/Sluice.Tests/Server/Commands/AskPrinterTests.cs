using System.Text;
using Sluice.Server.Commands;

namespace Sluice.Tests.Server.Commands;

public sealed class AskPrinterTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Fact]
    public void End_AfterItsDeltas_IsDone()
    {
        Assert.Equal(ExitCode.Done, Print(terminal: false, Delta("你好"), Delta(" 🚀"), """{"type":"end","answer":"你好 🚀"}"""));
        Assert.Equal(("你好 🚀\n", ""), (_output.ToString(), _error.ToString()));
    }

    [Fact]
    public void End_OtherAnswerThanShown_Fails()
    {
        Assert.Equal(ExitCode.Failed, Print(terminal: false, Delta("a"), """{"type":"end","answer":"ab"}"""));
        Assert.Contains("incomplete", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NoTerminal_SaysThatTheAnswerIsCut()
    {
        Assert.Equal(ExitCode.Failed, Print(terminal: false, Delta("abc")));
        Assert.Equal("sluice: truncated: the connection ended before the answer did\nsluice: the answer above is cut after 3 characters\n", _error.ToString());
    }

    [Fact]
    public void Error_SaysCodeAndMessage()
    {
        Assert.Equal(ExitCode.Failed, Print(terminal: false, """{"type":"error","code":"no_target","message":"nobody is there","retryable":false,"answer":""}"""));
        Assert.Equal("sluice: no_target: nobody is there\n", _error.ToString());
    }

    [Fact]
    public void Cancelled_Fails() => Assert.Equal(ExitCode.Failed, Print(terminal: false, """{"type":"cancelled","answer":""}"""));

    [Fact]
    public void Reasoning_OnATerminal_IsDimmed()
    {
        Print(terminal: true, Reasoning("hm"), Reasoning("m"), Delta("a"), """{"type":"end","answer":"a"}""");
        Assert.Equal("\e[2mhmm\e[22m\na\n", _output.ToString());
    }

    [Fact]
    public void Reasoning_InAFile_IsLeftOut()
    {
        Print(terminal: false, Reasoning("hmm"), Delta("a"), """{"type":"end","answer":"a"}""");
        Assert.Equal("a\n", _output.ToString());
    }

    [Fact]
    public void Reset_OnATerminal_StartsAgain()
    {
        Assert.Equal(ExitCode.Done, Print(terminal: true, Delta("x"), """{"type":"reset","reason":"failover"}""", Delta("a"), """{"type":"end","answer":"a"}"""));
        Assert.Equal("x\na\n", _output.ToString());
        Assert.Contains("void (failover)", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reset_InAFile_FailsInTheEnd() =>
        Assert.Equal(ExitCode.Failed, Print(terminal: false, Delta("x"), """{"type":"reset","reason":"failover"}""", Delta("a"), """{"type":"end","answer":"a"}"""));

    [Fact]
    public void Reset_BeforeAnyText_IsHarmless() =>
        Assert.Equal(ExitCode.Done, Print(terminal: false, """{"type":"reset","reason":"failover"}""", Delta("a"), """{"type":"end","answer":"a"}"""));

    [Fact]
    public void Snapshot_AddsWhatIsMissing()
    {
        Assert.Equal(ExitCode.Done, Print(terminal: false, Delta("ab"), """{"type":"snapshot","seq":9,"text":"abcd"}""", """{"type":"end","answer":"abcd"}"""));
        Assert.Equal("abcd\n", _output.ToString());
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"type":"delta","content":"\ud800"}""")]
    public void Write_UnreadableEvent_Fails(string json) => Assert.Equal(ExitCode.Failed, Print(terminal: false, json));

    [Fact]
    public void Write_UnknownType_IsPassedOver() =>
        Assert.Equal(ExitCode.Done, Print(terminal: false, """{"type":"news"}""", """{"type":"end","answer":""}"""));

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private static string Delta(string text) => $$"""{"type":"delta","content":"{{text}}"}""";

    private static string Reasoning(string text) => $$"""{"type":"reasoning","content":"{{text}}"}""";

    private int Print(bool terminal, params string[] events)
    {
        var printer = new AskPrinter(_output, _error, terminal);
        foreach (var json in events) printer.Write(Encoding.UTF8.GetBytes(json));
        return printer.Finish();
    }
}
