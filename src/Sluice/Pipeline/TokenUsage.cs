using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>How many tokens an answer has cost: as the upstream says, or, where it has not said so, as its text lets expect.</summary>
/// <remarks>
/// The estimate: text has a token for every four bytes of its JSON, and an answer at least one for each piece that it came in. That is near the
/// truth for English and for Chinese alike, and on the safe side where an upstream escapes what need not be escaped.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct TokenUsage
{
    private const int BytesPerToken = 4;

    private long? _input;
    private long? _output;
    private long _cached;
    private long _pieces;
    private long _textBytes;
    private long _lostInput;
    private long _lostOutput;

    /// <summary>Whether the upstream has said how many.</summary>
    public readonly bool IsKnown => _input is not null && _output is not null;

    /// <summary>Takes a piece of the answer. Once per token: it only adds two numbers.</summary>
    public void Add(ChatChunk chunk)
    {
        _pieces++;
        _textBytes += chunk.TextBytes;
    }

    /// <summary>Another call goes on with an answer whose call has told no counts: what that one has cost stays estimated, and the next counts for itself.</summary>
    /// <param name="request">The question.</param>
    public void BrokeOff(ChatRequest request)
    {
        if (_pieces == 0 || IsKnown)
        {
            return;
        }

        _lostInput += Estimate(request.TextBytes);
        _lostOutput += Math.Max(_pieces, Estimate(_textBytes));
        (_pieces, _textBytes) = (0, 0);
    }

    /// <summary>Takes an answer in one piece.</summary>
    public void AddWhole(ReadOnlySpan<byte> body) => _textBytes += ChatText.BytesIn(body, "choices"u8);

    /// <summary>Takes what the upstream says. The last counts: where it stands on every chunk, each says it anew.</summary>
    /// <param name="usage">The object; empty where there is none.</param>
    public void Read(ReadOnlySpan<byte> usage)
    {
        if (usage.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(usage);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth != 1)
            {
                _cached = reader.CurrentDepth == 2 && JsonName.Is(in reader, "cached_tokens"u8) && reader.Read() && reader.TokenType == JsonTokenType.Number
                    && reader.TryGetInt64(out var cached) && cached >= 0 ? cached : _cached;
                continue;
            }

            var isInput = JsonName.Is(in reader, "prompt_tokens"u8);
            var isOutput = JsonName.Is(in reader, "completion_tokens"u8);
            if ((isInput || isOutput) && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0)
            {
                _input = isInput ? count : _input;
                _output = isOutput ? count : _output;
            }
        }
    }

    /// <summary>The tokens of the question.</summary>
    /// <param name="request">The question.</param>
    public readonly TokenCount Input(ChatRequest request) => Count(_input, Estimate(request.TextBytes), _lostInput);

    /// <summary>How many of these the upstream says it took out of its cache.</summary>
    public readonly long CachedInput => _cached;

    /// <summary>The tokens of the answer.</summary>
    public readonly TokenCount Output() => Count(_output, Math.Max(_pieces, Estimate(_textBytes)), _lostOutput);

    private static TokenCount Count(long? known, long estimate, long lost) => new((known ?? estimate) + lost, known is null || lost > 0);

    private static long Estimate(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
