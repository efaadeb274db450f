using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class ModelLabelsTests
{
    private readonly ModelLabels _labels = new(static model => model is null or "chat" ? "chat" : null);

    [Theory]
    [InlineData(null, "chat")]
    [InlineData("chat", "chat")]
    [InlineData("up/anything", "other")]
    public void Of_WhatHasNotAnswered_IsConfiguredOrOther(string? model, string label) => Assert.Equal(label, _labels.Of(model));

    [Fact]
    public void Answered_MakesALabel_SoManyTimes()
    {
        for (var i = 0; i < ModelLabels.MaxAnswered * 3; i++)
        {
            _labels.Answered($"up/{i}");
            _labels.Answered($"up/{i}");
        }

        Assert.Equal("up/0", _labels.Of("up/0"));
        Assert.Equal(ModelLabels.MaxAnswered, Enumerable.Range(0, ModelLabels.MaxAnswered * 3).Count(i => _labels.Of($"up/{i}") != ModelLabels.Other));
    }

    [Fact]
    public void Answered_AVeryLongName_IsNoLabel()
    {
        var name = new string('x', 101);
        _labels.Answered(name);
        Assert.Equal("other", _labels.Of(name));
    }
}
