namespace Sluice.Server.Conversations;

/// <summary>The tables in PostgreSQL, version by version.</summary>
internal static class PostgresSchema
{
    /// <summary>See <see cref="Storage.PostgresDatabase"/>.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE conversation (
            place BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, title TEXT NOT NULL, head TEXT,
            created BIGINT NOT NULL, updated BIGINT NOT NULL);
        CREATE INDEX conversation_list ON conversation (owner, updated DESC, place DESC);
        CREATE TABLE message (
            place BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, parent TEXT,
            role TEXT NOT NULL, state TEXT NOT NULL, partial BIGINT NOT NULL, model TEXT, stream TEXT, finish_reason TEXT, error_code TEXT, error_message TEXT,
            usage TEXT, tool_calls TEXT, ttft DOUBLE PRECISION, duration DOUBLE PRECISION, attempts BIGINT, created BIGINT NOT NULL, server TEXT,
            reasoning TEXT NOT NULL, content TEXT NOT NULL);
        CREATE INDEX message_conversation ON message (conversation, place);
        CREATE INDEX message_running ON message (conversation) WHERE state = 'running';
        CREATE TABLE piece (
            place BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE, reasoning TEXT NOT NULL, content TEXT NOT NULL);
        CREATE INDEX piece_message ON piece (message, place);
        CREATE TABLE server (id TEXT PRIMARY KEY, alive BIGINT NOT NULL);
        CREATE TABLE search (source BIGINT NOT NULL, words TSVECTOR NOT NULL);
        CREATE INDEX search_source ON search (source);
        CREATE INDEX search_words ON search USING GIN (words);
        """,
    ];
}
