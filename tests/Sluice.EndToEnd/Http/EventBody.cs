using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sluice.EndToEnd.Http;

/// <summary>The body of an event stream, as it came.</summary>
/// <param name="Data">What stands behind each <c>data:</c>, one character per byte, so that equal means equal to the byte.</param>
/// <param name="Reads">How many pieces it came in.</param>
/// <param name="IsCut">Whether the connection ended before the body did.</param>
/// <param name="Retry">What stands behind each <c>retry:</c>, in milliseconds.</param>
internal sealed record EventBody(IReadOnlyList<string> Data, int Reads, bool IsCut, IReadOnlyList<int> Retry)
{
    /// <summary>The data of those events that are JSON: all but <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonElement> Json { get; } =
        [.. Data.Where(data => data != "[DONE]").Select(data => JsonSerializer.Deserialize<JsonElement>(Encoding.Latin1.GetBytes(data)))];

    /// <summary>The <c>type</c> of each of Sluice's own events.</summary>
    public IEnumerable<string> Types => Json.Select(data => data.GetProperty("type").GetString()!);

    /// <summary>The text of Sluice's own events.</summary>
    public string Text => string.Concat(Json.Where(data => data.GetProperty("type").GetString() == "delta").Select(data => data.GetProperty("content").GetString()));

    /// <summary>Reads to the end, whichever it is.</summary>
    public static async Task<EventBody> ReadAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var reads = 0;
        var isCut = false;
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is var length and > 0)
            {
                body.Write(buffer, 0, length);
                reads++;
            }
        }
        catch (IOException)
        {
            isCut = true;
        }

        var text = Encoding.Latin1.GetString(body.ToArray());
        return new EventBody([.. Lines(text, "data:")], reads, isCut, [.. Lines(text, "retry:").Select(retry => int.Parse(retry, CultureInfo.InvariantCulture))]);
    }

    private static IEnumerable<string> Lines(string body, string field) => body.Split('\n')
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => line.TrimEnd('\r')[field.Length..])
        .Select(value => value.StartsWith(' ') ? value[1..] : value);
}
