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
    private ulong _choices;
    private ulong _finishedChoices;

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

        ReadOnlySpan<byte> usage = default, model = default, error = default, created = default, padding = default;
        while (NextProperty())
        {
            if (JsonName.Is(in _reader, "choices"u8))
            {
                ReadChoices();
            }
            else if (JsonName.Is(in _reader, "usage"u8))
            {
                usage = ReadValue((byte)'{');
            }
            else if (JsonName.Is(in _reader, "model"u8))
            {
                model = ReadString();
            }
            else if (JsonName.Is(in _reader, "error"u8))
            {
                error = ReadValue(first: 0);
            }
            else if (JsonName.Is(in _reader, "created"u8))
            {
                created = ReadNumber();
            }
            else if (JsonName.Is(in _reader, "obfuscation"u8))
            {
                padding = ReadString();
            }
            else
            {
                _reader.Skip();
            }
        }

        // The object has closed; anything but white space behind it throws here.
        _reader.Read();
        Add(ChatChunkKind.Usage, !usage.IsEmpty);
        Add(ChatChunkKind.Error, HoldsAny(error));
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
            Choices = _choices,
            FinishedChoices = _finishedChoices,
            Created = created,
            Padding = padding,
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
            if (JsonName.Is(in _reader, "delta"u8))
            {
                delta = ReadDelta();
            }
            else if (JsonName.Is(in _reader, "finish_reason"u8))
            {
                finishReason = ReadString();
            }
            else if (JsonName.Is(in _reader, "index"u8))
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
        var choice = 1UL << index;
        _choices |= choice;
        _finishedChoices |= finishReason.IsEmpty ? 0 : choice;
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
            if (JsonName.Is(in _reader, "content"u8))
            {
                delta.Content = ReadString();
            }
            else if (JsonName.Is(in _reader, "reasoning_content"u8))
            {
                delta.Reasoning = ReadString();
            }
            else if (JsonName.Is(in _reader, "reasoning"u8))
            {
                otherReasoning = ReadString();
            }
            else if (JsonName.Is(in _reader, "refusal"u8))
            {
                refusal = ReadString();
            }
            else if (JsonName.Is(in _reader, "tool_calls"u8))
            {
                delta.ToolCalls = ReadValue((byte)'[');
                delta.HasTool |= HoldsAny(delta.ToolCalls);
            }
            else if (JsonName.Is(in _reader, "function_call"u8))
            {
                delta.HasTool |= HoldsAny(ReadValue((byte)'{'));
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
    private ReadOnlySpan<byte> ReadString() => ReadToken(JsonTokenType.String);

    // The number as it stands; empty for anything else.
    private ReadOnlySpan<byte> ReadNumber() => ReadToken(JsonTokenType.Number);

    private ReadOnlySpan<byte> ReadToken(JsonTokenType type)
    {
        _reader.Read();
        if (_reader.TokenType == type)
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

    // `""`, `{}`, `[ ]` hold nothing.
    private static bool HoldsAny(ReadOnlySpan<byte> value) => value.Length > 2 && value[1..^1].ContainsAnyExcept(" \t\r\n"u8);

    private ref struct Delta
    {
        public ReadOnlySpan<byte> Content;
        public ReadOnlySpan<byte> Reasoning;
        public ReadOnlySpan<byte> ToolCalls;
        public bool HasTool;
    }
}
