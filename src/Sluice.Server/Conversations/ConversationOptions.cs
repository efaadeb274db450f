using Sluice.Hosting;

namespace Sluice.Server.Conversations;

/// <summary>Where conversations are kept: the <c>Conversations</c> settings. Read once, at start.</summary>
internal sealed class ConversationOptions
{
    /// <summary>Whether conversations are kept at all.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The SQLite file; made where there is none.</summary>
    /// <value>Default <c>sluice/conversations.db</c> where this user's programs keep their data; in the working directory where there is no such place.</value>
    public string Database { get; set; } = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "sluice", "conversations.db");

    /// <summary>The PostgreSQL database to keep them in instead.</summary>
    /// <value>Default <c>ConnectionStrings:Sluice</c>, and without that none.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Whether a place was named. A server that has none of its own, and was not told one, starts all the same and keeps nothing.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Reads them. What is wrong is left out here; the check of the whole configuration reports it.</summary>
    /// <param name="configuration">The configuration, with its <c>Sluice</c> section.</param>
    public static ConversationOptions From(IConfiguration configuration)
    {
        var options = new ConversationOptions();
        Settings.Sound(configuration.GetSection("Sluice"), ConversationSettings.All).GetSection("Conversations").Bind(options);
        options.IsNamed = configuration["Sluice:Conversations:Database"] is not null;
        options.ConnectionString ??= configuration.GetConnectionString("Sluice");
        return options;
    }
}
