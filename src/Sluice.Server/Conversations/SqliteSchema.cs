namespace Sluice.Server.Conversations;

/// <summary>The tables in SQLite, version by version.</summary>
internal static class SqliteSchema
{
    /// <summary>See <see cref="Storage.SqliteFile"/>.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE conversation (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, title TEXT NOT NULL, head TEXT,
            created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;
        CREATE INDEX conversation_list ON conversation (owner, updated DESC, place DESC);
        CREATE TABLE message (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, parent TEXT,
            role TEXT NOT NULL, state TEXT NOT NULL, partial INTEGER NOT NULL, model TEXT, stream TEXT, finish_reason TEXT, error_code TEXT, error_message TEXT,
            usage TEXT, tool_calls TEXT, ttft REAL, duration REAL, attempts INTEGER, created INTEGER NOT NULL, server TEXT,
            reasoning TEXT NOT NULL, content TEXT NOT NULL) STRICT;
        CREATE INDEX message_conversation ON message (conversation, place);
        CREATE INDEX message_running ON message (conversation) WHERE state = 'running';
        CREATE TABLE piece (
            place INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE, reasoning TEXT NOT NULL, content TEXT NOT NULL) STRICT;
        CREATE INDEX piece_message ON piece (message, place);
        CREATE TABLE server (id TEXT PRIMARY KEY, alive INTEGER NOT NULL) STRICT;
        CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
        """,
    ];
}
