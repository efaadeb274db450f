using Sluice.Hosting;

namespace Sluice.Server.Conversations;

/// <summary>The settings of <see cref="ConversationOptions"/>. They are the server's: the library does not know them.</summary>
internal static class ConversationSettings
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Conversations:Enabled", SettingKind.Flag),
        new("Conversations:Database", SettingKind.Text),
        new("Conversations:ConnectionString", SettingKind.Text),
    ];

    /// <summary>Lets these settings stand in the configuration, and has them checked with it.</summary>
    public static ISluiceBuilder KnowConversations(this ISluiceBuilder sluice)
    {
        ((SluiceBuilder)sluice).Settings.AddRange(All);
        return sluice;
    }
}
