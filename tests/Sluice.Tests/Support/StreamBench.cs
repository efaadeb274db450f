using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Tests.Support;

/// <summary>A hub over one provider, without sockets: the clock stands still unless a test moves it.</summary>
internal sealed class StreamBench
{
    public StreamBench(Script script)
        : this(new ScriptedProvider(script))
    {
    }

    public StreamBench(IChatProvider provider) => Hub = new StreamHub(provider, Options, Time, TestMeters.New(), Log);

    public FakeTimeProvider Time { get; } = new();

    public StreamOptions Options { get; } = new();

    public FakeLogger<StreamHub> Log { get; } = new();

    public StreamHub Hub { get; }

    public StreamSession OpenNative(string question = "hi") => Hub.OpenNative(ChatRequest.FromQuestion(question), "chat", DisconnectPolicy.Cancel);

    public StreamSession OpenOpenAi(bool includeUsage = false) => Hub.OpenOpenAi(ChatRequest.Parse(System.Text.Encoding.UTF8.GetBytes(
        includeUsage ? """{"stream":true,"stream_options":{"include_usage":true}}""" : """{"stream":true}""")), "m", DisconnectPolicy.Cancel);

    /// <summary>Waits until nothing runs any more, and lets everything that ended expire.</summary>
    public async Task ExpireAllAsync()
    {
        await Within.UntilAsync(() => Hub.Active == 0);
        await Within.UntilAsync(() =>
        {
            // A stream's time to live begins a moment after it has stopped to count as active.
            Time.Advance(Options.TimeToLive);
            return Hub.Kept == 0;
        });
    }

    /// <summary>Starts a stream in OpenAI's dialect that nobody reads, and nobody leaves.</summary>
    public StreamSession OpenAndStart()
    {
        var session = OpenOpenAi();
        session.Attach(CancellationToken.None);
        Hub.Start(session);
        return session;
    }

    /// <summary>Starts a stream with one viewer that reads everything, and gives what it read.</summary>
    public async Task<string> ReadAllAsync(StreamSession session)
    {
        var output = new MemoryStream();
        using (var viewer = session.Attach(TestContext.Current.CancellationToken))
        {
            Hub.Start(session);
            await viewer.RunAsync(PipeWriter.Create(output)).Soon();
        }

        await session.Completion.Soon();
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
