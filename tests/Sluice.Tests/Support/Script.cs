using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>What a <see cref="ScriptedProvider"/> does at each call, and what it saw.</summary>
internal sealed class Script
{
    private readonly List<Step> _steps = [];
    private readonly TaskCompletionSource _asked = New();
    private readonly TaskCompletionSource _cancelled = New();
    private readonly TaskCompletionSource _letGo = New();
    private int _calls;
    private int _open;
    private long _said;

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Completes when the provider is asked.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when a call's token is cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    /// <summary>Completes when a call's enumeration is disposed.</summary>
    public Task LetGo => _letGo.Task;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Enumerations that are not disposed.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Chunks that were taken.</summary>
    public long Said => Volatile.Read(ref _said);

    public ChatRequest? Request { get; private set; }

    public static string TextJson(string content) =>
        $$$"""{"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":"{{{content}}}"}}]}""";

    public Script Chunk(string json) => Add(new Step(json));

    /// <summary>Text; the content stands in the JSON as it is given, escaped by the caller.</summary>
    public Script Text(string content) => Chunk(TextJson(content));

    public Script Role() => Chunk("""{"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant"}}]}""");

    public Script Finish(string reason = "stop") => Chunk($$$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{{reason}}}"}]}""");

    public Script Usage() => Chunk("""{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""");

    public Script Completion(string json) => Add(new Step(json, ChatChunkKind.Completion));

    public Script Done() => Add(new Step(null, ChatChunkKind.Done));

    public Script Status(ChatChunkKind kind) => Add(new Step(null, kind));

    public Script Do(Func<CancellationToken, Task> act) => Add(new Step(null, Act: act));

    /// <summary>Goes on in another thread.</summary>
    public Script Hop() => Do(static async _ => await Task.Yield());

    /// <summary>Goes on when the gate opens.</summary>
    public Script Wait(Task gate) => Do(cancellationToken => gate.WaitAsync(cancellationToken));

    /// <summary>Goes on when the gate opens, whatever else happens.</summary>
    public Script WaitDeaf(Task gate) => Do(_ => gate);

    public Script Hang() => Do(static cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));

    public Script Fail(Exception e) => Do(_ => Task.FromException(e));

    /// <summary>Many chunks of text at once.</summary>
    public Script Texts(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Text(JsonEncodedText.Encode($"t{i} ").Value);
        }

        return this;
    }

    /// <summary>A new gate, for <see cref="Wait"/>.</summary>
    public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Begin(ChatRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _open);
        cancellationToken.UnsafeRegister(static script => ((Script)script!)._cancelled.TrySetResult(), this);
        _asked.TrySetResult();
    }

    internal void Say() => Interlocked.Increment(ref _said);

    internal void End()
    {
        Interlocked.Decrement(ref _open);
        _letGo.TrySetResult();
    }

    private Script Add(Step step)
    {
        _steps.Add(step);
        return this;
    }
}
