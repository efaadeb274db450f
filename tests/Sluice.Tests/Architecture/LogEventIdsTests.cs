using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Tests.Support;

namespace Sluice.Tests.Architecture;

public sealed partial class LogEventIdsTests
{
    private static readonly Dictionary<string, int> Ranges = new(StringComparer.Ordinal)
    {
        ["src/Sluice/Endpoints/"] = 100,
        ["src/Sluice/Streams/"] = 200,
        ["src/Sluice/Pipeline/"] = 300,
        ["src/Sluice/Providers/"] = 400,
        ["src/Sluice/Sse/"] = 500,
        ["src/Sluice.Redis/"] = 600,
        ["src/Sluice/Hosting/"] = 700,
        ["src/Sluice.Server/"] = 800,
        ["src/Sluice/Limits/"] = 900,
    };

    [Fact]
    public void Ids_AreUniqueAndInTheirFoldersRange()
    {
        var messages = Repository.Files("src").Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => Messages().Matches(Repository.Read(file)).Select(match => (file, Id: int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Value)))
            .ToList();
        Assert.NotEmpty(messages);
        Assert.Equal(messages.Count, messages.DistinctBy(message => message.Id).Count());
        Assert.All(messages, message =>
        {
            var range = Ranges.Single(range => message.file.StartsWith(range.Key, StringComparison.Ordinal)).Value;
            Assert.True(message.Id >= range && message.Id < range + 100, $"{message.file}: {message.Id} is not from {range} to {range + 99}.");
        });
    }

    [Fact]
    public void Names_AreThereAndUnique()
    {
        var all = Repository.Files("src").Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read).ToList();
        var count = all.Sum(text => Attributes().Count(text));
        var names = all.SelectMany(text => EventNames().Matches(text)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(count, all.Sum(text => Messages().Count(text)));
        Assert.Equal(count, names.Count);
        Assert.Equal(count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [GeneratedRegex(@"\[LoggerMessage\(", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\[LoggerMessage\((\d+), LogLevel\.", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Messages();

    [GeneratedRegex("EventName = \"(\\w+)\"", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EventNames();
}
