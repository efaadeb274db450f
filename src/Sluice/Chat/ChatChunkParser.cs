using System.Text.Json;

namespace Sluice.Chat;

/// <summary>One walk over a chunk: is it one whole JSON object, what is in it, and where. Allocates nothing.</summary>
internal ref struct ChatChunkParser
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    // The choice with index 0, which the view shows.
    private ReadOnlySpan<byte> _content;
    private ReadOnlySpan<byte> _reasoning;
    private ReadOnlySpan<byte> _toolCalls;
    private ReadOnlySpan<byte> _finishReason;

    // Over all choices.
    private ChatChunkKind _kind;

    public ChatChunkParser(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json);
        _kind = ChatChunkKind.NoChoices;
    }

    public ChatChunkView Parse()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A chunk is one JSON object.");
        }

        ReadOnlySpan<byte> usage = default, model = default, error = default;
        while (NextProperty())
        {
            if (_reader.ValueTextEquals("choices"u8))
            {
                ReadChoices();
            }
            else if (_reader.ValueTextEquals("usage"u8))
            {
                usage = ReadValue((byte)'{');
            }
            else if (_reader.ValueTextEquals("model"u8))
            {
                model = ReadString();
            }
            else if (_reader.ValueTextEquals("error"u8))
            {
                error = ReadValue(first: 0);
            }
            else
            {
                _reader.Skip();
            }
        }

        // The object has closed; anything but white space behind it throws here.
        _reader.Read();
        // `""` and `{}` are no errors.
        Add(ChatChunkKind.Usage, !usage.IsEmpty);
        Add(ChatChunkKind.Error, error.Length > 2);
        return new ChatChunkView
        {
            Content = _content,
            Reasoning = _reasoning,
            ToolCalls = _toolCalls,
            FinishReason = _finishReason,
            Usage = usage,
            Model = model,
            Error = error,
            Kind = _kind,
        };
    }

    private void ReadChoices()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return;
        }

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _kind &= ~ChatChunkKind.NoChoices;
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                ReadChoice();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadChoice()
    {
        var delta = default(Delta);
        ReadOnlySpan<byte> finishReason = default;
        var index = 0;
        while (NextProperty())
        {
            if (_reader.ValueTextEquals("delta"u8))
            {
                delta = ReadDelta();
            }
            else if (_reader.ValueTextEquals("finish_reason"u8))
            {
                finishReason = ReadString();
            }
            else if (_reader.ValueTextEquals("index"u8))
            {
                index = ReadIndex();
            }
            else
            {
                _reader.Skip();
            }
        }

        Add(ChatChunkKind.Content, !delta.Content.IsEmpty);
        Add(ChatChunkKind.Reasoning, !delta.Reasoning.IsEmpty);
        Add(ChatChunkKind.Tool, delta.HasTool);
        Add(ChatChunkKind.Finish, !finishReason.IsEmpty);
        if (index == 0)
        {
            _content = delta.Content;
            _reasoning = delta.Reasoning;
            _toolCalls = delta.ToolCalls;
            _finishReason = finishReason;
        }
    }

    private Delta ReadDelta()
    {
        var delta = default(Delta);
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return delta;
        }

        ReadOnlySpan<byte> refusal = default, otherReasoning = default;
        while (NextProperty())
        {
            if (_reader.ValueTextEquals("content"u8))
            {
                delta.Content = ReadString();
            }
            else if (_reader.ValueTextEquals("reasoning_content"u8))
            {
                delta.Reasoning = ReadString();
            }
            else if (_reader.ValueTextEquals("reasoning"u8))
            {
                otherReasoning = ReadString();
            }
            else if (_reader.ValueTextEquals("refusal"u8))
            {
                refusal = ReadString();
            }
            else if (_reader.ValueTextEquals("tool_calls"u8))
            {
                delta.ToolCalls = ReadValue((byte)'[');
                delta.HasTool |= delta.ToolCalls.Length > 2;
            }
            else if (_reader.ValueTextEquals("function_call"u8))
            {
                delta.HasTool |= ReadValue((byte)'{').Length > 2;
            }
            else
            {
                _reader.Skip();
            }
        }

        delta.Content = delta.Content.IsEmpty ? refusal : delta.Content;
        delta.Reasoning = delta.Reasoning.IsEmpty ? otherReasoning : delta.Reasoning;
        return delta;
    }

    private bool NextProperty() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    private void Add(ChatChunkKind kind, bool isThere) => _kind |= isThere ? kind : ChatChunkKind.Preamble;

    private int ReadIndex()
    {
        _reader.Read();
        var index = 0;
        _ = _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out index);
        _reader.Skip();
        return index;
    }

    // The string's body as it stands; empty for anything else.
    private ReadOnlySpan<byte> ReadString()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.String)
        {
            return _reader.ValueSpan;
        }

        _reader.Skip();
        return default;
    }

    // The value as it stands, if it begins with the byte given (0: whatever it is); empty for null, false and anything else.
    private ReadOnlySpan<byte> ReadValue(byte first)
    {
        _reader.Read();
        var start = (int)_reader.TokenStartIndex;
        var isNothing = _reader.TokenType is JsonTokenType.Null or JsonTokenType.False;
        _reader.Skip();
        var value = _json[start..(int)_reader.BytesConsumed];
        return isNothing || (first != 0 && value[0] != first) ? default : value;
    }

    private ref struct Delta
    {
        public ReadOnlySpan<byte> Content;
        public ReadOnlySpan<byte> Reasoning;
        public ReadOnlySpan<byte> ToolCalls;
        public bool HasTool;
    }
}
