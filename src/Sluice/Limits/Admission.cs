using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Limits;

/// <summary>Lets questions in as far as limits and budgets of their caller and their model allow.</summary>
/// <remarks>One lock, held for a few comparisons: when a question is asked, when its cost is settled and when its answer has ended; never per token.</remarks>
internal sealed class Admission(IModelCatalog models, SpendingBook book, LimitMetrics metrics, TimeProvider time) : IAdmission
{
    private const int BytesPerToken = 4;

    // What an upstream says that it has counted is taken up to this.
    private const long MostTokens = 1_000_000_000_000;

    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Meter> _meters = new(StringComparer.Ordinal);
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
    /// <param name="account"><c>caller:</c> or <c>model:</c> and the name.</param>
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
        lock (_lock)
        {
            SweepIdle(now.Ticks);
            var caller = Find(Account(request.Caller));
            var model = shared is null ? null : Find(Account(name));
            caller.Turn(limits, now.Ticks);
            model?.Turn(shared!, now.Ticks);
            var scope = "caller";
            var refusal = caller.Check(demand, now);
            if (refusal is null && model?.Check(demand, now) is { } other)
            {
                (refusal, scope) = (other, "model");
            }

            if (refusal is not null)
            {
                metrics.Refused(refusal.Limit, scope);
                throw refusal.ToException(now.Utc);
            }

            caller.Take(demand);
            model?.Take(demand);
            return request.GrantedBy(new Grant(this, caller, model, demand, name));
        }
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

    private static string Account(Caller caller) => $"caller:{caller.Id}";

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

    private LimitReport Look(string account, CallerLimits limits, long ticks)
    {
        var meter = _meters.GetValueOrDefault(account) ?? Make(account);
        meter.Turn(limits, ticks);
        return meter.Look();
    }

    private Meter Find(string account)
    {
        if (!_meters.TryGetValue(account, out var meter))
        {
            _meters[account] = meter = Make(account);
        }

        return meter;
    }

    private Meter Make(string account) =>
        new(account, account.StartsWith("caller:", StringComparison.Ordinal) ? "your" : $"the model `{account["model:".Length..]}`'s", book);

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
    }
}
