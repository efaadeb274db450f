using Sluice.Chat;
using Sluice.Providers.OpenAi;

namespace Sluice.Providers.Bella;

/// <summary>Bella's errors. Its 429 means four things, which only the text tells apart.</summary>
internal sealed class BellaErrors(Secret? apiKey) : OpenAiErrors(apiKey)
{
    // A trial quota fills up slowly; asking again within seconds only keeps it empty.
    private static readonly TimeSpan TrialPause = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override ChatProviderException Map(UpstreamError error, int status, TimeSpan? retryAfter)
    {
        if (status != 429 || error.Message is not { } message)
        {
            return base.Map(error, status, retryAfter);
        }

        // `已达每月额度上限`, `主ak的总额度已达上限`: the money is used up.
        if (Says(message, "每月额度上限") || Says(message, "总额度已达上限"))
        {
            return Create(ChatErrorKind.BudgetExhausted, error, status, retryAfter);
        }

        // `试用额度`: slowly.
        if (Says(message, "试用额度"))
        {
            return Create(ChatErrorKind.RateLimited, error, status, retryAfter ?? TrialPause);
        }

        // `QPS 超过限制` (with Retry-After: 1), `渠道当前负载过高`: soon.
        return Create(ChatErrorKind.RateLimited, error, status, retryAfter);
    }

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.Ordinal);
}
