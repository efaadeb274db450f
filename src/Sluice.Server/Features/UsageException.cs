namespace Sluice.Server.Features;

/// <summary>The command line is wrong; exit code 2.</summary>
/// <param name="message">What is wrong, and the fix.</param>
internal sealed class UsageException(string message) : Exception(message);
