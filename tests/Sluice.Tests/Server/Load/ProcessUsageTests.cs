using Sluice.Server.Load;

namespace Sluice.Tests.Server.Load;

public sealed class ProcessUsageTests
{
    [Fact]
    public void Parse_NameWithBlanksAndBrackets_CountsFromItsEnd()
    {
        const string stat = "42 (my (odd) name) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 8 0 1000 123456 300 18446744073709551615";
        Assert.Equal(new ProcessUsage(3_000_000, 300 * 4096), ProcessUsage.Parse(stat, 4096));
    }

    [Fact]
    public void Read_NoSuchProcess_IsNull() => Assert.Null(ProcessUsage.Read(int.MaxValue));
}
