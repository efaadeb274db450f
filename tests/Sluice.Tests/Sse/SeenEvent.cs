using System.Text;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

/// <summary>A copy of an event as text that compares; one character per byte, so that no byte hides.</summary>
public sealed record SeenEvent(string Data, string Type = "", string Id = "", bool IsTerminated = true)
{
    /// <summary>The event that a text of real characters stands for.</summary>
    public static SeenEvent Of(string data, string type = "", string id = "", bool isTerminated = true) =>
        new(Bytes(data), Bytes(type), Bytes(id), isTerminated);

    internal static SeenEvent CopyOf(SseReader reader) => new(
        Encoding.Latin1.GetString(reader.Current.Data.Span),
        Encoding.Latin1.GetString(reader.Current.EventType.Span),
        Encoding.Latin1.GetString(reader.LastEventId.Span),
        reader.Current.IsTerminated);

    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
