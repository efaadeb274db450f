using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Limits;

namespace Sluice.Tests.Support;

/// <summary>Limits without a server: the clock stands still unless a test moves it. It is noon of 29 November 2026.</summary>
internal sealed class LimitBench
{
    public LimitBench(CallerLimits? everyone = null)
    {
        Admission = new Admission(new FixedModel("chat"), Book, new LimitMetrics(TestMeters.Factory()), Time, NullLogger<Admission>.Instance)
        {
            Table = new LimitTable { Everyone = everyone ?? new CallerLimits(), ExpectedAnswerTokens = 100 },
        };
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    public SpendingBook Book { get; } = new();

    public Admission Admission { get; }

    public DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    /// <summary>A question of four tokens.</summary>
    public static ChatRequest Question(string caller = "a", string? model = null, long? maxTokens = null, CallerLimits? limits = null, string? key = null) =>
        ChatRequest.Parse(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"sixteen bytes..."}]{{(maxTokens is { } most ? string.Create(CultureInfo.InvariantCulture, $",\"max_tokens\":{most}") : "")}}}"""))
            .By(new Caller(caller) { Limits = limits, KeyId = key }).For(model ?? "chat");

    public IGrant Ask(string caller = "a", string? model = null, long? maxTokens = null, CallerLimits? limits = null, string? key = null) =>
        Admission.Admit(Question(caller, model, maxTokens, limits, key)).Grant!;

    public ChatProviderException Refused(string caller = "a", string? model = null, long? maxTokens = null, CallerLimits? limits = null, string? key = null) =>
        Assert.Throws<ChatProviderException>(() => Ask(caller, model, maxTokens, limits, key));

    /// <summary>A question whose answer is over at once.</summary>
    public void Spend(long input, long output, string caller = "a", string? model = null, long cached = 0)
    {
        using var grant = Ask(caller, model);
        grant.Settle(input, cached, output);
    }
}
