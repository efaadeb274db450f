using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Chat;
using Sluice.Sse;
using Sluice.Streams;
using Sluice.Streams.Dialects;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>The log against a list: whatever was appended, from behind every event on the same is read.</summary>
public sealed class StreamSeekTests
{
    // Around the ends of segments (1, 2, 4, 8, 16 KiB), far beyond them, and tiny; some with line feeds, so that frames have several lines.
    private static readonly Gen<(int Size, int EveryLine, bool Publish)[]> Events =
        Gen.Select(Gen.OneOf(Gen.Int[1, 60], Gen.Int[900, 1100], Gen.Int[1900, 2100], Gen.Int[3900, 4200], Gen.Int[16000, 17000], Gen.Int[40000, 50000]), Gen.Int[0, 9], Gen.Bool)
            .Array[1, 40];

    [Fact]
    public void Seek_EveryPosition_ReadsWhatTheListSays() => Events.Sample(events =>
    {
        var id = StreamId.New();
        var log = new StreamLog(id, new StreamMemory());
        var frames = new List<byte[]>();
        var published = 0;
        foreach (var (size, everyLine, publish) in events)
        {
            var data = Data(size, everyLine);
            log.Append(data);
            var frame = new ArrayBufferWriter<byte>();
            SseWriter.WriteEvent(frame, id.Utf8, frames.Count + 1, data);
            frames.Add(frame.WrittenSpan.ToArray());
            if (publish)
            {
                log.Publish();
                published = frames.Count;
                ReadsFrom(log, published, frames);
            }
        }

        log.Publish();
        for (var after = 0; after <= frames.Count; after++)
        {
            ReadsFrom(log, after, frames);
        }

        log.Release();
    }, iter: 60);

    [Fact]
    public void Seek_EveryWayToSplitTheEndOfAFrame_FindsIt()
    {
        // The first segment is 1 KiB or whatever the pool gives: a sweep over sizes puts each byte of the second frame on its end.
        for (var size = 4097; size < 4097 + 600; size++)
        {
            var id = StreamId.New();
            var log = new StreamLog(id, new StreamMemory());
            var frames = new List<byte[]>();
            foreach (var data in new[] { Data(100, 0), Data(size, 0), Data(5000, 3), Data(size + 3000, 7), Data(3, 0) })
            {
                log.Append(data);
                var frame = new ArrayBufferWriter<byte>();
                SseWriter.WriteEvent(frame, id.Utf8, frames.Count + 1, data);
                frames.Add(frame.WrittenSpan.ToArray());
            }

            log.Publish();
            for (var after = 0; after <= frames.Count; after++)
            {
                ReadsFrom(log, after, frames);
            }

            log.Release();
        }
    }

    [Fact]
    public void Snapshot_WhateverWasSaid_IsTheDeltasJoined() =>
        Gen.Select(Gen.OneOf(Gen.String[0, 20], Gen.String[900, 1200], Gen.String[5000, 20000]), Gen.Bool).Array[0, 30].Sample(pieces =>
        {
            var bench = new StreamBench(new Script().Done());
            var session = new StreamSession(
                StreamId.New(), new ScriptedProvider(new Script().Done()), ChatRequest.FromQuestion("q"), new OpenAiDialect(StreamId.New(), "m", includeUsage: true),
                DisconnectPolicy.Detach, bench.Options, new StreamMemory(), bench.Time, TestMeters.New(), NullLogger.Instance);
            var text = new StringBuilder();
            foreach (var (piece, look) in pieces)
            {
                var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(piece));
                session.Log.Append(Encoding.UTF8.GetBytes(Script.TextJson(JsonEncodedText.Encode(clean).Value)));
                text.Append(clean);
                if (look)
                {
                    session.Log.Publish();
                    IsAs(session, text.ToString());
                }
            }

            session.Log.Publish();
            IsAs(session, text.ToString());
            session.Release();
        }, iter: 60);

    private static void IsAs(StreamSession session, string text)
    {
        var snapshot = session.TrySnapshot()!;
        Assert.Equal(session.Log.Published, snapshot.Sequence);
        Assert.Equal(text, EventText.Field(Encoding.UTF8.GetString(StreamSnapshotJson.Resource(snapshot)), "text"));
    }

    private static void ReadsFrom(StreamLog log, int after, List<byte[]> frames)
    {
        var cursor = new StreamCursor(log);
        cursor.Seek(after);
        Assert.Equal(after, cursor.Sequence);
        var output = new ArrayBufferWriter<byte>();
        while (cursor.TryCopyTo(output, 10_000))
        {
        }

        var rest = output.WrittenSpan;
        for (var i = after; i < (int)log.Published; i++)
        {
            Assert.True(rest.StartsWith(frames[i]), $"event {i + 1} of {frames.Count}, read from behind {after}");
            rest = rest[frames[i].Length..];
        }

        Assert.Equal(0, rest.Length);
    }

    private static byte[] Data(int size, int everyLine)
    {
        var data = new byte[size];
        for (var i = 0; i < size; i++)
        {
            data[i] = everyLine > 0 && i % (everyLine * 50) == everyLine ? (byte)'\n' : (byte)('a' + (i % 26));
        }

        return data;
    }
}
