namespace Sluice.Server.Conversations;

/// <summary>SQLite's words.</summary>
internal sealed class SqliteSql : ConversationSql
{
    /// <inheritdoc/>
    public override string Now => "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    /// <inheritdoc/>
    public override string ForUpdate => "";

    /// <inheritdoc/>
    public override string Source => "rowid";

    /// <inheritdoc/>
    public override IEnumerable<(string Sql, string Words)> Index(string text) =>
        [("INSERT INTO search (rowid, words) VALUES (@source, @words)", string.Join(' ', SearchText.Tokens(text).Select(static token => token.Text)))];

    /// <inheritdoc/>
    public override (string Sql, (string Name, object? Value)[] Values) Find(SearchQuery query) => (
        "SELECT rowid AS source FROM search WHERE search MATCH @find",
        [("@find", string.Join(" AND ", query.Terms.Select(static term => $"\"{string.Join(' ', term.Words)}\"{(term.IsPrefix ? " *" : "")}")))]);
}
