using System.CommandLine;
using Sluice.Chat;
using Sluice.Server.Access;

namespace Sluice.Server.Commands;

/// <summary>`sluice keys create`: makes a key and shows it, once.</summary>
internal sealed class KeysCreateCommand : ExampleCommand
{
    private const int MaxCount = 1_000_000_000;
    private const long MaxTokens = 1_000_000_000_000_000;
    private const decimal MinCost = 0.000001m;
    private const decimal MaxCost = 1_000_000_000m;

    private readonly TimeProvider _time;
    private readonly KeyDatabaseOptions _database = new();
    private readonly Option<string> _name = new("--name") { Description = "what to call it: whose it is, what it is for", HelpName = "N", Required = true };
    private readonly Option<DateTimeOffset?> _expires;
    private readonly Option<string[]> _models = new("--model") { Description = "a model that may be asked for, as clients name it; may be repeated; without it all", HelpName = "M", AllowMultipleArgumentsPerToken = false, DefaultValueFactory = static _ => [] };
    private readonly Option<string> _role = new Option<string>("--role") { Description = "user asks; viewer only looks on; admin also sees how the server does", HelpName = "R", DefaultValueFactory = static _ => "user" }.AcceptOnlyFromAmong([.. RoleNames.All]);
    private readonly Option<string?> _owner = new("--owner") { Description = "the id of a key whose streams and budgets this one shares; its limits and models are taken over where none are given", HelpName = "ID" };
    private readonly Option<int?> _requestsPerMinute = NumberOption.CreateOptional<int>("--requests-per-minute", "N", "requests in a minute", 1, MaxCount);
    private readonly Option<int?> _tokensPerMinute = NumberOption.CreateOptional<int>("--tokens-per-minute", "N", "tokens in a minute, of questions and answers", 1, MaxCount);
    private readonly Option<int?> _concurrentStreams = NumberOption.CreateOptional<int>("--concurrent-streams", "N", "answers that may run at once", 1, MaxCount);
    private readonly Option<long?> _tokensPerDay = NumberOption.CreateOptional<long>("--tokens-per-day", "N", "tokens in a day (UTC)", 1, MaxTokens);
    private readonly Option<long?> _tokensPerMonth = NumberOption.CreateOptional<long>("--tokens-per-month", "N", "tokens in a month (UTC)", 1, MaxTokens);
    private readonly Option<decimal?> _costPerDay = NumberOption.CreateOptional<decimal>("--cost-per-day", "X", "cost in a day (UTC), in the unit of the price table", MinCost, MaxCost);
    private readonly Option<decimal?> _costPerMonth = NumberOption.CreateOptional<decimal>("--cost-per-month", "X", "cost in a month (UTC)", MinCost, MaxCost);

    public KeysCreateCommand(TimeProvider time)
        : base("create", "Makes an API key. It is shown once: what is kept is its SHA-256.")
    {
        _time = time;
        _expires = ExpiryOption.Create(time);
        Notes = "The key alone goes to standard output, what is known of it to standard error.";
        Examples =
        [
            "sluice keys create --name ann",
            "sluice keys create --name ci --expires 30d --model chat --requests-per-minute 60",
            "sluice keys create --name \"Ann's dashboard\" --role viewer --owner key_3q2-7w4rT0Kx",
            "KEY=$(sluice keys create --name script --expires 2030-01-01)",
        ];
        _name.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: <= 100 } name || string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl)) result.AddError("--name wants 1 to 100 characters.");
        });
        _models.Validators.Add(static result =>
        {
            if (result.Tokens.Any(static token => string.IsNullOrWhiteSpace(token.Value) || token.Value.Any(char.IsControl))) result.AddError("--model wants the name of a model.");
        });
        foreach (Option option in (ReadOnlySpan<Option>)[
            _name, _expires, _models, _role, _owner, _requestsPerMinute, _tokensPerMinute, _concurrentStreams, _tokensPerDay, _tokensPerMonth, _costPerDay, _costPerMonth]) Options.Add(option);
        _database.AddTo(this);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _database.UseAsync(parsed, async database =>
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var owner = parsed.GetValue(_owner);
        var known = owner is null ? null : database.All().Select(static pair => pair.Key).FirstOrDefault(key => key.Id == owner);
        if (owner is not null && known is null)
        {
            await error.WriteLineAsync($"There is no key {owner}. See: sluice keys list");
            return ExitCode.Failed;
        }

        var text = ApiKeyText.New();
        var record = Record(parsed, ApiKeyText.NewId(), known);
        database.Add(record, ApiKeyText.HashOf(text));
        await error.WriteLineAsync($"Made {KeyTable.Describe(record, _time.GetUtcNow())}. Keep the key: it is not shown again.");
        if (known is { Limits: not null } or { Models: not null })
        {
            await error.WriteLineAsync($"Limits and models are those of {known.Id}, except for what was given here.");
        }

        await output.WriteLineAsync(text);
        return ExitCode.Done;
    });

    private ApiKeyRecord Record(ParseResult parsed, string id, ApiKeyRecord? known)
    {
        // Without them a second key would be a way round the limits of the first.
        var inherited = known?.Limits;
        var limits = new CallerLimits
        {
            RequestsPerMinute = parsed.GetValue(_requestsPerMinute) ?? inherited?.RequestsPerMinute,
            TokensPerMinute = parsed.GetValue(_tokensPerMinute) ?? inherited?.TokensPerMinute,
            ConcurrentStreams = parsed.GetValue(_concurrentStreams) ?? inherited?.ConcurrentStreams,
            TokensPerDay = parsed.GetValue(_tokensPerDay) ?? inherited?.TokensPerDay,
            TokensPerMonth = parsed.GetValue(_tokensPerMonth) ?? inherited?.TokensPerMonth,
            CostPerDay = parsed.GetValue(_costPerDay) ?? inherited?.CostPerDay,
            CostPerMonth = parsed.GetValue(_costPerMonth) ?? inherited?.CostPerMonth,
        };
        return new ApiKeyRecord
        {
            Id = id,
            Name = parsed.GetRequiredValue(_name),
            Owner = known?.Owner ?? id,
            Role = RoleNames.Parse(parsed.GetValue(_role)) ?? Role.User,
            Created = _time.GetUtcNow(),
            Expires = parsed.GetValue(_expires),
            Models = parsed.GetValue(_models) is { Length: > 0 } models ? models : known?.Models,
            Limits = limits == new CallerLimits() ? null : limits,
        };
    }
}
