namespace Sluice.EndToEnd.Deploy;

/// <summary>Makes a file that is shipped fit for a test.</summary>
internal static class ShippedText
{
    /// <summary>Puts the test's value where the file has one of its own.</summary>
    /// <exception cref="Xunit.Sdk.ContainsException">The file has no such value (any more).</exception>
    public static string Change(this string file, string from, string to)
    {
        Assert.Contains(from, file, StringComparison.Ordinal);
        return file.Replace(from, to, StringComparison.Ordinal);
    }
}
