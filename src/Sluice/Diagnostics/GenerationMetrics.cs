using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>What those who ask see: how long it took, and what it cost. One generation, one record.</summary>
internal sealed class GenerationMetrics(Meter meter)
{
    private readonly Histogram<double> _duration = meter.CreateHistogram("gen_ai.server.request.duration", "s", "The whole of one generation, retries and rescues included", tags: null, Buckets.Duration);
    private readonly Histogram<double> _firstToken = meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From the question to its first token, retries included", tags: null, Buckets.FirstToken);
    private readonly Histogram<double> _perToken = meter.CreateHistogram("gen_ai.server.time_per_output_token", "s", "From one token to the next, the mean of one generation", tags: null, Buckets.PerToken);
    private readonly Counter<long> _input = meter.CreateCounter<long>("gen_ai.client.inference.usage.input_tokens", "{token}", "Prompt tokens, as the upstream counted them or as estimated");
    private readonly Counter<long> _output = meter.CreateCounter<long>("gen_ai.client.inference.usage.output_tokens", "{token}", "Answer tokens, as the upstream counted them or as estimated");
    private readonly Counter<long> _received = meter.CreateCounter<long>("sluice.requests.received", "By", "Bytes of questions, as they came");

    /// <summary>A generation has begun.</summary>
    /// <param name="bytes">The question's size.</param>
    public void Began(long bytes) => _received.Add(bytes);

    /// <summary>The first token has come.</summary>
    /// <param name="model">The model, bounded.</param>
    /// <param name="seconds">Since the question.</param>
    public void FirstToken(string model, double seconds) => _firstToken.Record(seconds, Tags.Chat, Tags.Model(model));

    /// <summary>A generation has ended.</summary>
    /// <param name="model">The model, bounded.</param>
    /// <param name="seconds">The whole of it.</param>
    /// <param name="perToken">From one token to the next, in seconds; null where there were less than two.</param>
    /// <param name="errorType">An error code, <c>cancelled</c>, or null for a whole answer.</param>
    public void Ended(string model, double seconds, double? perToken, string? errorType)
    {
        _duration.Record(seconds, Tags.Chat, Tags.Model(model), Tags.Error(errorType));
        if (perToken is { } time)
        {
            _perToken.Record(time, Tags.Chat, Tags.Model(model));
        }
    }

    /// <summary>What a generation has cost is settled: once, at its end.</summary>
    /// <param name="model">The model, bounded.</param>
    /// <param name="input">Prompt tokens.</param>
    /// <param name="output">Answer tokens.</param>
    public void Tokens(string model, TokenCount input, TokenCount output)
    {
        Add(_input, input);
        Add(_output, output);

        void Add(Counter<long> counter, TokenCount count) => counter.Add(count.Tokens,
            Tags.Chat, Tags.Model(model), new KeyValuePair<string, object?>("sluice.usage.estimated", count.IsEstimated));
    }
}
