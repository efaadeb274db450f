using Microsoft.Extensions.Logging.Console;
using Sluice.Server.Access;

namespace Sluice.Server.Features;

/// <summary>What is logged: one line each, never a query string, never a prompt.</summary>
internal static class ServerLogging
{
    /// <summary>Sets the defaults; the configuration's <c>Logging</c> section wins.</summary>
    public static void UseSluiceLogging(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);

        // At Information ASP.NET Core logs each request with its query, and so its prompt.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // As long as this category logs anything at all, each request gets an Activity, and each continuation of each token carries it around.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // A server that cannot start is reported once, in words or with its stack, by Program.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Kestrel logs each exception that leaves the application, and a failed stream leaves by one on purpose. Real errors are logged by ErrorShape.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);

        // Whoever resets HTTP/2 streams as fast as he can is hung up on, and would get a line in the log for each of them.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);

        // It warns that its keys are not encrypted on the disk; they lie in a directory for this user alone.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // Whoever sends a key that is none has his 401; anyone can, as often as he likes, and each would be lines in the log.
        logging.AddFilter(typeof(ApiKeyHandler).FullName, LogLevel.Warning);
        logging.AddFilter(typeof(CapabilityHandler).FullName, LogLevel.Warning);

        // Kestrel opens a scope around each connection, which each continuation of each token then carries around; it says the connection's name and nothing else.
        logging.Services.Configure<LoggerFilterOptions>(filter => filter.CaptureScopes = ShowsScopes(configuration));
        logging.AddConfiguration(configuration.GetSection("Logging"));

        // Not AddSimpleConsole, which would leave Logging:Console:FormatterName no choice. Who does not read the output must not hold up a token: lines are dropped instead.
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        logging.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        logging.AddConsole();
    }

    private static bool ShowsScopes(IConfiguration configuration) => configuration.GetSection("Logging").AsEnumerable()
        .Any(static setting => setting.Key.EndsWith(":IncludeScopes", StringComparison.OrdinalIgnoreCase) && bool.TryParse(setting.Value, out var isOn) && isOn);
}
