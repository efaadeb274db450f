using System.Text;
using System.Text.Json;

namespace Sluice.Server.FaultSuite;

/// <summary>Understands the events of one answer, as a strict client would.</summary>
internal sealed class FaultReading(FaultDialect dialect)
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _finishes = [];
    private readonly List<long> _usages = [];
    private string? _repeated;
    private string? _error;
    private int _terminals;
    private bool _wentOn;

    /// <summary>Takes the data of an event.</summary>
    /// <exception cref="JsonException">It is not what the dialect allows.</exception>
    public void Add(ReadOnlyMemory<byte> data)
    {
        _wentOn |= _terminals > 0;
        if (dialect == FaultDialect.OpenAi && data.Span.SequenceEqual("[DONE]"u8))
        {
            _terminals++;
            return;
        }

        using var document = JsonDocument.Parse(data);
        if (dialect == FaultDialect.Native) Native(document.RootElement);
        else OpenAi(document.RootElement);
    }

    /// <summary>Takes the body of an answer with an error status.</summary>
    public void AddError(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        _error = document.RootElement.GetProperty("error").GetProperty("code").GetString();
        _terminals++;
    }

    /// <summary>What has been seen.</summary>
    public FaultAnswer Sum() => new()
    {
        Text = _text.ToString(),
        Repeated = _repeated,
        Terminals = _terminals,
        WentOn = _wentOn,
        Finishes = _finishes,
        Error = _error,
        Usages = _usages,
    };

    private void Native(JsonElement data)
    {
        switch (data.GetProperty("type").GetString())
        {
            case "delta":
                _text.Append(data.GetProperty("content").GetString());
                break;
            case "reset":
                _text.Clear();
                break;
            case "end":
                Terminal(data);
                Add(_finishes, data.GetProperty("finish_reason"));
                Usage(data);
                break;
            case "error":
                Terminal(data);
                _error = data.GetProperty("code").GetString();
                break;
            case "cancelled":
                Terminal(data);
                _error = "cancelled";
                break;
        }
    }

    private void Terminal(JsonElement data)
    {
        _terminals++;
        _repeated = data.GetProperty("answer").GetString();
    }

    private void OpenAi(JsonElement data)
    {
        if (data.TryGetProperty("error", out var error))
        {
            _terminals++;
            _error = error.GetProperty("code").GetString();
            return;
        }

        foreach (var choice in data.GetProperty("choices").EnumerateArray())
        {
            if (choice.GetProperty("delta").TryGetProperty("content", out var content)) _text.Append(content.GetString());
            if (choice.TryGetProperty("finish_reason", out var finish)) Add(_finishes, finish);
        }

        Usage(data);
    }

    private void Usage(JsonElement data)
    {
        if (data.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object) _usages.Add(usage.GetProperty("completion_tokens").GetInt64());
    }

    private static void Add(List<string> list, JsonElement value)
    {
        if (value.GetString() is { Length: > 0 } text) list.Add(text);
    }
}
