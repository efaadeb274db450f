using CsCheck;
using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>Whatever breaks wherever: what a client has in the end is one whole text, or the beginning of one and an error.</summary>
public sealed class RescuePropertyTests
{
    private static readonly string[] Characters = ["a", "b", " ", "你", "é", "\n", "\"", "\\", "/", "\u0001", "😀", "👍🏽"];

    private static readonly Gen<string> Text = Gen.Int[0, 11].Select(i => Characters[i]).Array[1, 30].Select(string.Concat);

    [Fact]
    public async Task Restart_OfTheSameText_IsThatText() => await Gen.Select(Text, Gen.Int[1, 60], Gen.Int[0, 60], Gen.Int).SampleAsync(async (text, first, second, seed) =>
    {
        var random = new Random(seed);
        var bench = new FailoverBench(
            new SpeakingTarget(text) { Breaks = [Math.Min(first, text.Length)], Random = random },
            new SpeakingTarget(text, "d") { Breaks = [second], Random = random },
            new SpeakingTarget(text, "e") { Random = random });
        var heard = await HeardAnswer.OfAsync(bench, Chunks.Streamed);
        Assert.Null(heard.Error);
        Assert.Equal(text, heard.Text);
    });

    [Fact]
    public async Task Restart_ThatDeparts_IsTheOtherTextOrAnError() => await Gen.Select(Text, Gen.Int[1, 60], Gen.Int[0, 60], Text, Gen.Int, Gen.Bool)
        .SampleAsync(async (text, first, at, tail, seed, takesReset) =>
    {
        var random = new Random(seed);
        var shown = text[..Math.Min(first, text.Length)];
        var other = text[..Math.Min(at, text.Length)] + tail;
        var bench = new FailoverBench(
            new SpeakingTarget(text) { Breaks = [shown.Length], BreaksWith = ChatErrorKind.IdleTimeout, Random = random }, new SpeakingTarget(other, "d") { Random = random });
        var heard = await HeardAnswer.OfAsync(bench, Chunks.Streamed, takesReset);
        var goesOn = other.StartsWith(shown, StringComparison.Ordinal);
        Assert.Equal(goesOn || takesReset, heard.IsDone);
        Assert.Equal(!goesOn && takesReset ? 1 : 0, heard.Resets);
        Assert.Equal(heard.IsDone ? other : shown, heard.Text);
    });

    [Fact]
    public async Task Prefix_ContinuedOrRejected_IsThatText() => await Gen.Select(Text, Gen.Int[1, 60], Gen.Int[0, 60], Gen.Bool, Gen.Bool, Gen.Int)
        .SampleAsync(async (text, first, second, takesPrefix, nextTakesPrefix, seed) =>
    {
        var random = new Random(seed);
        IChatProvider[] targets =
        [
            new SpeakingTarget(text) { Breaks = [Math.Min(first, text.Length)], Random = random },
            new SpeakingTarget(text, "d") { Breaks = [second], TakesPrefix = takesPrefix, Random = random },
            new SpeakingTarget(text, "e") { TakesPrefix = nextTakesPrefix, Random = random },
        ];
        var bench = new FailoverBench([.. targets.Select((target, i) => new ChatTarget($"t{i}", target, "x") { Priority = i + 1, Rescue = new() { Prefix = PrefixStyle.Mistral } })]);
        var heard = await HeardAnswer.OfAsync(bench, Chunks.Streamed);
        Assert.Null(heard.Error);
        Assert.Equal(text, heard.Text);
    });
}
