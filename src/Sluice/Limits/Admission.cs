using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Limits;

/// <summary>Lets questions in as far as limits and budgets of their caller and their model allow.</summary>
/// <remarks>One lock, held for a few comparisons: when a question is asked, when its cost is settled and when its answer has ended; never per token.</remarks>
internal sealed class Admission(IModelCatalog models, SpendingBook book, LimitMetrics metrics, TimeProvider time, ILogger<Admission> logger) : IAdmission
{
    private const int BytesPerToken = 4;

    // What an upstream says that it has counted is taken up to this.
    private const long MostTokens = 1_000_000_000_000;

    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Meter> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Purse> _purses = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private volatile LimitTable _table = new();
    private long _swept;

    /// <summary>The limits in force. Setting them disturbs no answer that runs.</summary>
    public LimitTable Table
    {
        get => _table;
        set => _table = value;
    }

    /// <summary>How many callers and models are not as if they were new.</summary>
    public int Busy
    {
        get
        {
            var ticks = Now().Ticks;
            lock (_lock)
            {
                return _meters.Values.Count(meter => !meter.TurnsIdle(ticks));
            }
        }
    }

    /// <summary>How many answers run that were let in for a caller, or for all callers of a model.</summary>
    /// <param name="account"><c>caller:</c> or <c>model:</c> and the name; for another key of an owner also a line break and the key's name.</param>
    public int Active(string account)
    {
        lock (_lock)
        {
            return _meters.TryGetValue(account, out var meter) ? meter.Active : 0;
        }
    }

    /// <inheritdoc/>
    public ChatRequest Admit(ChatRequest request)
    {
        var table = _table;
        var name = request.Model ?? models.DefaultModel;
        var limits = table.Of(request.Caller);
        var shared = table.Models.GetValueOrDefault(name);
        var demand = Expect(table, request, name);
        var now = Now();
        Refusal? refusal;
        var scope = "caller";
        lock (_lock)
        {
            SweepIdle(now.Ticks);
            var caller = Find(Account(request.Caller), Owner(request.Caller));
            var model = shared is null ? null : Find(Account(name), Account(name));
            caller.Turn(limits, now.Ticks);
            model?.Turn(shared!, now.Ticks);
            refusal = caller.Check(demand, now);
            if (refusal is null && model?.Check(demand, now) is { } other)
            {
                (refusal, scope) = (other, "model");
            }

            if (refusal is null)
            {
                caller.Take(demand);
                model?.Take(demand);
                return request.GrantedBy(new Grant(this, caller, model, demand, name));
            }
        }

        metrics.Refused(refusal.Limit, scope);

        // Clients may ask for any name; a log keeps those of the configuration alone.
        LimitMessages.Refused(logger, refusal.Limit, scope, shared is null ? "other" : name, request.Origin.RequestId, request.Caller.KeyId);
        throw refusal.ToException(now.Utc);
    }

    /// <inheritdoc/>
    public LimitReport Look(ChatRequest request)
    {
        var table = _table;
        var name = request.Model ?? models.DefaultModel;
        var limits = table.Of(request.Caller);
        var shared = table.Models.GetValueOrDefault(name);
        var ticks = Now().Ticks;
        lock (_lock)
        {
            var own = Look(Account(request.Caller), limits, ticks);
            var common = shared is null ? default : Look(Account(name), shared, ticks);
            return new LimitReport(Less(own.Requests, common.Requests), Less(own.Tokens, common.Tokens));
        }
    }

    /// <summary>What a granted question has really cost. Once for each.</summary>
    public void Settle(Grant grant, long input, long cachedInput, long output)
    {
        (input, output) = (Math.Min(input, MostTokens), Math.Min(output, MostTokens));
        var cost = _table.PriceOf(grant.ModelName).Of(input, cachedInput, output);
        var now = Now();
        lock (_lock)
        {
            Settle(grant.Caller, grant.Demand, input + output, cost, now);
            if (grant.Model is { } model)
            {
                Settle(model, grant.Demand, input + output, cost, now);
            }
        }

        if (cost > 0)
        {
            metrics.Spent(grant.Model is null ? null : grant.ModelName, cost);
        }
    }

    /// <summary>A granted question's answer has ended. Once for each.</summary>
    /// <param name="grant">The question.</param>
    /// <param name="isUnused">Nothing was settled, and nothing will be.</param>
    public void Leave(Grant grant, bool isUnused)
    {
        lock (_lock)
        {
            grant.Caller.Leave();
            grant.Model?.Leave();
            if (isUnused)
            {
                grant.Caller.Release(grant.Demand);
                grant.Model?.Release(grant.Demand);
            }
        }
    }

    // Budgets are the owner's.
    private static string Owner(Caller caller) => $"caller:{caller.Id}";

    // Limits per minute and places are each key's own, as the limits are: an owner's other keys neither empty nor fill its buckets.
    private static string Account(Caller caller) => caller.KeyId is { } key && key != caller.Id ? $"{Owner(caller)}\n{key}" : Owner(caller);

    private static string Account(string model) => $"model:{model}";

    private static LimitState? Less(LimitState? one, LimitState? other) =>
        one is null || other?.Remaining < one.Value.Remaining ? other ?? one : one;

    private static Demand Expect(LimitTable table, ChatRequest request, string model)
    {
        var input = (request.TextBytes + BytesPerToken - 1) / BytesPerToken;
        var output = request.MaxAnswerTokens ?? table.ExpectedAnswerTokens;
        return new Demand(Math.Max(1, input + output), table.PriceOf(model).Of(input, 0, output));
    }

    private static void Settle(Meter meter, Demand demand, long tokens, decimal cost, Moment now)
    {
        meter.Turn(limits: null, now.Ticks);
        meter.Release(demand);
        if (tokens > 0)
        {
            meter.Charge(tokens, cost, now.Day);
        }
    }

    private static string Whose(string account) =>
        account.StartsWith("caller:", StringComparison.Ordinal) ? "your" : $"the model `{account["model:".Length..]}`'s";

    private LimitReport Look(string account, CallerLimits limits, long ticks)
    {
        var meter = _meters.GetValueOrDefault(account) ?? new Meter(Whose(account), new Purse(account, Whose(account), book));
        meter.Turn(limits, ticks);
        return meter.Look();
    }

    private Meter Find(string account, string owner)
    {
        ref var meter = ref CollectionsMarshal.GetValueRefOrAddDefault(_meters, account, out _);
        if (meter is null)
        {
            ref var purse = ref CollectionsMarshal.GetValueRefOrAddDefault(_purses, owner, out _);
            purse ??= new Purse(owner, Whose(owner), book);
            meter = new Meter(Whose(account), purse);
        }

        return meter;
    }

    private Moment Now() => new(time.GetElapsedTime(_origin).Ticks, time.GetUtcNow());

    // Callers come and go; whoever is as if he were new needs no meter.
    private void SweepIdle(long ticks)
    {
        if (ticks - _swept < Sweep.Ticks)
        {
            return;
        }

        _swept = ticks;
        foreach (var (account, meter) in _meters)
        {
            if (meter.TurnsIdle(ticks))
            {
                _meters.Remove(account);
            }
        }

        // A purse is there as long as a meter has it: all of an owner's have the same one.
        var used = _meters.Values.Select(static meter => meter.Purse).ToHashSet();
        foreach (var (owner, purse) in _purses)
        {
            if (!used.Contains(purse))
            {
                _purses.Remove(owner);
            }
        }
    }
}
