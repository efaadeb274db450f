using Microsoft.AspNetCore.Connections;
using Sluice.Hosting;
using Sluice.Server.Commands;

namespace Sluice.Server.Features;

/// <summary>Failures to start that a person can mend, in words; anything else keeps its stack.</summary>
/// <param name="Message">What is wrong, and the fix.</param>
/// <param name="ExitCode">A value of <see cref="Commands.ExitCode"/>.</param>
internal sealed record StartupError(string Message, int ExitCode)
{
    /// <summary>The failure in words, or null where it is none of these.</summary>
    public static StartupError? Describe(Exception e) => e switch
    {
        SluiceConfigurationException or UsageException => new(e.Message, Commands.ExitCode.Usage),
        InvalidDataException => new($"{e.Message} {e.InnerException?.Message}", Commands.ExitCode.Usage),
        FormatException when e.Message.Contains("address", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("url", StringComparison.OrdinalIgnoreCase) => new($"--urls: {e.Message}", Commands.ExitCode.Usage),
        IOException { InnerException: AddressInUseException } => new($"{e.Message} Stop what listens there, or choose another port: --urls http://127.0.0.1:5081", Commands.ExitCode.Failed),
        _ => null,
    };
}
