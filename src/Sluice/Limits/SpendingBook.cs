using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>All accounts, and what of them has not been stored yet.</summary>
/// <remarks>Safe for many threads. An account is there for whoever has asked in this month.</remarks>
internal sealed class SpendingBook
{
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Dictionary<(string Account, DateOnly Day), (long Tokens, decimal Cost)> _pending = [];
    private DateOnly _today;

    /// <summary>How many accounts there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _accounts.Count;
            }
        }
    }

    /// <summary>What an account has spent up to now.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="today">The day, in UTC.</param>
    public Spent Look(string account, DateOnly today)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(account, out var known))
            {
                return default;
            }

            known.Turn(today);
            return new Spent(known.DayTokens, known.MonthTokens, known.DayCost, known.MonthCost);
        }
    }

    /// <summary>Books what an answer has cost.</summary>
    public void Add(string account, DateOnly today, long tokens, decimal cost)
    {
        lock (_lock)
        {
            Open(account, today).Add(tokens, cost);
            ref var pending = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, (account, today), out _);
            pending = (pending.Tokens + tokens, pending.Cost + cost);
        }
    }

    /// <summary>Takes over what a store has kept.</summary>
    /// <param name="amounts">Of this month.</param>
    /// <param name="today">The day, in UTC.</param>
    public void Load(IEnumerable<Spending> amounts, DateOnly today)
    {
        lock (_lock)
        {
            foreach (var amount in amounts.Where(amount => amount.Day.Month == today.Month && amount.Day.Year == today.Year))
            {
                var account = Open(amount.Account, today);
                if (amount.Day == today)
                {
                    account.Add(amount.Tokens, amount.Cost);
                }
                else
                {
                    account.AddEarlier(amount.Tokens, amount.Cost);
                }
            }
        }
    }

    /// <summary>Takes what has not been stored yet. It counts as stored unless it is put back.</summary>
    public IReadOnlyCollection<Spending> TakePending()
    {
        lock (_lock)
        {
            var pending = _pending;
            _pending = [];
            return [.. pending.Select(pair => new Spending(pair.Key.Account, pair.Key.Day, pair.Value.Tokens, pair.Value.Cost))];
        }
    }

    /// <summary>Puts back what could not be stored.</summary>
    public void PutBack(IEnumerable<Spending> amounts)
    {
        lock (_lock)
        {
            foreach (var amount in amounts)
            {
                ref var pending = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, (amount.Account, amount.Day), out _);
                pending = (pending.Tokens + amount.Tokens, pending.Cost + amount.Cost);
            }
        }
    }

    private Account Open(string account, DateOnly today)
    {
        if (today > _today)
        {
            if (today.Month != _today.Month || today.Year != _today.Year)
            {
                // What was spent in another month counts for nothing any more, and not everyone comes back.
                _accounts.Clear();
            }

            _today = today;
        }

        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, account, out _);
        known ??= new Account();
        known.Turn(today);
        return known;
    }
}
