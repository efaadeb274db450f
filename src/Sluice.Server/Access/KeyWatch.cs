using System.Data.Common;
using Sluice.Chat;
using Sluice.Hosting;
using Sluice.Streams;

namespace Sluice.Server.Access;

/// <summary>Looks once a second whether the keys have changed, and ends what runs under those that can no longer be used.</summary>
/// <remarks>Requests pay nothing for it but a look into memory; a revoked key has no answer left after three seconds.</remarks>
internal sealed class KeyWatch(AccessOptions options, KnownKeys keys, LiveRequests requests, StreamHub hub, SluiceReload configuration, TimeProvider time, ILogger<KeyWatch> logger) : IDisposable
{
    // How long the last word (an error that says why) may take to leave before the connection goes.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LiveRequest, DateTimeOffset> _ending = [];
    private ApiKeyDatabase? _database;
    private ITimer? _timer;
    private long _version;
    private bool _isUnreadable;
    private bool _isWithoutPrice;

    /// <summary>Reads the keys and begins to look.</summary>
    /// <exception cref="Features.UsageException">They cannot be read.</exception>
    public void Start()
    {
        _database = ApiKeyDatabase.Open(options.Keys.Database);
        Read();
        if (keys.Count == 0 && options.Jwt.Authority is null)
        {
            AccessMessages.NoKey(logger);
        }

        _timer = time.CreateTimer(static watch => ((KeyWatch)watch!).Look(), this, LookEvery, LookEvery);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _database?.Dispose();
            _database = null;
        }
    }

    private void Look()
    {
        // A look that takes longer than a second is not joined by the next one.
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (_database is not null)
            {
                TryRead(_database);
                End();
                WarnOfBudgets();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void TryRead(ApiKeyDatabase database)
    {
        try
        {
            if (database.Version() != _version)
            {
                Read();
            }

            _isUnreadable = false;
        }
        catch (DbException e)
        {
            if (!_isUnreadable)
            {
                AccessMessages.KeysUnreadable(logger, e);
            }

            _isUnreadable = true;
        }
    }

    // The version first: what changes while the keys are read is read again.
    private void Read()
    {
        var version = _database!.Version();
        keys.Replace(_database.All());
        _version = version;
        AccessMessages.KeysRead(logger, keys.Count);
    }

    private void End()
    {
        // 1. The answers, each with the reason as its last word.
        var now = time.GetUtcNow();
        hub.EndOf(caller => caller.KeyId is { } id ? WhyEnded(id, now) : null);

        // 2. Whoever is still connected a moment later: viewers of another key's answers, and those who do not read.
        var late = requests.All.Where(request => WhyEnded(request.KeyId, now) is not null).ToList();
        foreach (var request in late.Where(request => _ending.TryGetValue(request, out var since) && now - since >= LastWord))
        {
            request.Abort();
        }

        foreach (var gone in _ending.Keys.Except(late).ToList())
        {
            _ending.Remove(gone);
        }

        foreach (var request in late)
        {
            _ending.TryAdd(request, now);
        }
    }

    // At a look, not when the keys are read: either may change, the keys or the prices, and when the first keys are read no configuration is in force yet.
    private void WarnOfBudgets()
    {
        var now = time.GetUtcNow();
        var count = configuration.Current is { Price.IsSet: false } options && !options.Models.Values.Any(static model => model.Price.IsSet)
            ? keys.All.Count(key => key.Limits is { } limits && (limits.CostPerDay ?? limits.CostPerMonth) is not null && key.StateAt(now) == ApiKeyState.Active)
            : 0;
        if (count > 0 && !_isWithoutPrice)
        {
            AccessMessages.BudgetsWithoutPrice(logger, count);
        }

        _isWithoutPrice = count > 0;
    }

    private ChatProviderException? WhyEnded(string id, DateTimeOffset now) => (keys.ById(id)?.Record.StateAt(now) ?? ApiKeyState.Revoked) switch
    {
        ApiKeyState.Revoked => new(ChatErrorKind.KeyRevoked, "The key that asked was revoked."),
        ApiKeyState.Expired => new(ChatErrorKind.KeyExpired, "The key that asked has expired."),
        _ => null,
    };
}
