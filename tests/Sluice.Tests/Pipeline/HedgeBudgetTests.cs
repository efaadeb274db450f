using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class HedgeBudgetTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(7, 70)]
    [InlineData(100, 1000)]
    public void TryTake_ThousandQuestions_IsTheShare(int percent, int calls)
    {
        var budget = new HedgeBudget(percent);
        var taken = 0;
        for (var i = 0; i < 1000; i++)
        {
            budget.Asked();
            taken += budget.TryTake() ? 1 : 0;
        }

        Assert.Equal(calls, taken);
    }

    [Fact]
    public void TryTake_BeforeAnyQuestion_IsRefused() => Assert.False(new HedgeBudget(100).TryTake());

    [Fact]
    public void TryTake_AfterManyCalmQuestions_IsTenAtOnce()
    {
        var budget = new HedgeBudget(10);
        for (var i = 0; i < 1000; i++)
        {
            budget.Asked();
        }

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
        budget.GiveBack();
        Assert.True(budget.TryTake());
    }
}
