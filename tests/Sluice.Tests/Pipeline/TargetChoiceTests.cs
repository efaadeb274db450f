using Microsoft.Extensions.Time.Testing;
using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class TargetChoiceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Next_Priorities_GoInOrderAndTheLastResortLast()
    {
        var targets = new[] { Target(1) with { IsLastResort = true }, Target(3), Target(2), Target(7) };
        Assert.Equal([2, 1, 3, 0, -1], Order(targets, () => 0.9));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public void Next_AnyDraw_EveryTargetComesOnce(double random)
    {
        var even = Enumerable.Range(0, TargetChoice.MaxTargets).Select(_ => Target(1)).ToList();
        var uneven = Enumerable.Range(0, TargetChoice.MaxTargets).Select(i => Target((i % 3) + 1) with { Weight = (i % 5) + 1 }).ToList();
        foreach (var targets in (List<ChatTarget>[])[even, uneven])
        {
            var order = Order(targets, () => random);
            Assert.Equal(Enumerable.Range(0, targets.Count), order.SkipLast(1).Order());
            Assert.Equal(-1, order[^1]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.74, 0)]
    [InlineData(0.76, 1)]
    [InlineData(0.999, 1)]
    public void Next_Weights_DecideByTheirShare(double random, int index) =>
        Assert.Equal(index, TargetChoice.Next([Target(1) with { Weight = 3 }, Target(1)], asked: 0, () => random));

    [Fact]
    public void Next_EqualWeights_TheFasterOfTwoIsTaken()
    {
        var targets = new[] { Target(1), Target(1), Target(1) };
        Answered(targets[0], 3);
        Answered(targets[1], 1);
        Answered(targets[2], 2);

        // Two draws: which is first, and which of the others is second.
        Assert.Equal(1, Next(targets, 0, 0));
        Assert.Equal(2, Next(targets, 0, 0.6));
        Assert.Equal(1, Next(targets, 0.4, 0));
        Assert.Equal(1, Next(targets, 0.4, 0.6));
        Assert.Equal(2, Next(targets, 0.7, 0));
        Assert.Equal(1, Next(targets, 0.7, 0.6));
    }

    [Fact]
    public void Next_OneIsLeftAlone_TheOtherIsTaken()
    {
        var open = new TargetHealth(_time, new BreakerOptions { MinimumCalls = 2 });
        for (var i = 0; i < 2; i++)
        {
            Assert.True(open.TryEnter(out var permit, out _));
            permit.Failed(new(Sluice.Chat.ChatErrorKind.Upstream, "x"));
            permit.Dispose();
        }

        var targets = new[] { Target(1) with { Health = open }, Target(1) };
        Answered(targets[1], 50);
        Assert.Equal((1, 1), (Next(targets, 0, 0), Next(targets, 0.9, 0)));
    }

    private static int Next(ChatTarget[] targets, params double[] draws)
    {
        var next = 0;
        return TargetChoice.Next(targets, asked: 0, () => draws[next++]);
    }

    private static List<int> Order(IReadOnlyList<ChatTarget> targets, Func<double> random)
    {
        var order = new List<int>();
        for (ulong asked = 0; order.Count <= targets.Count; asked |= 1UL << order[^1])
        {
            order.Add(TargetChoice.Next(targets, asked, random));
            if (order[^1] < 0)
            {
                break;
            }
        }

        return order;
    }

    private static void Answered(ChatTarget target, double seconds)
    {
        Assert.True(target.Health.TryEnter(out var permit, out _));
        permit.Committed(TimeSpan.FromSeconds(seconds));
        permit.Dispose();
    }

    private ChatTarget Target(int priority) => new("p", new ScriptedProvider(), "x") { Priority = priority, Health = new TargetHealth(_time) };
}
