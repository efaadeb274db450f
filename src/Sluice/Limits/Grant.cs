using Sluice.Chat;

namespace Sluice.Limits;

/// <summary>What one question has been granted, of its caller's limits and of its model's.</summary>
/// <param name="admission">Who has granted it.</param>
/// <param name="caller">The caller's meter.</param>
/// <param name="model">The model's meter; null where it has none.</param>
/// <param name="demand">What is expected.</param>
/// <param name="modelName">The model's name, as asked for.</param>
internal sealed class Grant(Admission admission, Meter caller, Meter? model, Demand demand, string modelName) : IGrant
{
    private bool _isSettled;
    private bool _isOver;

    /// <summary>The caller's meter.</summary>
    public Meter Caller { get; } = caller;

    /// <summary>The model's meter; null where it has none.</summary>
    public Meter? Model { get; } = model;

    /// <summary>What is expected.</summary>
    public Demand Demand { get; } = demand;

    /// <summary>The model's name, as asked for.</summary>
    public string ModelName { get; } = modelName;

    /// <inheritdoc/>
    public void Settle(long input, long cachedInput, long output)
    {
        if (!Interlocked.Exchange(ref _isSettled, true))
        {
            admission.Settle(this, input, cachedInput, output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isOver, true))
        {
            admission.Leave(this, isUnused: !Interlocked.Exchange(ref _isSettled, true));
        }
    }
}
