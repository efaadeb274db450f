namespace Sluice.Server.Conversations;

/// <summary>What SQLite and PostgreSQL say differently.</summary>
internal abstract class ConversationSql
{
    /// <summary>The time now, in milliseconds since 1970 (UTC), by the database's clock: that of all servers.</summary>
    public abstract string Now { get; }

    /// <summary>Behind a question for a row that is about to be changed.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>The column that says which text an entry of the search index is about.</summary>
    public abstract string Source { get; }

    /// <summary>The statements that put a text into the search index, each with its words.</summary>
    /// <returns>Statements with the parameters <c>@source</c> and <c>@words</c>.</returns>
    public abstract IEnumerable<(string Sql, string Words)> Index(string text);

    /// <summary>The question for all texts in which every term is found.</summary>
    /// <param name="query">The terms.</param>
    /// <returns>A question for the sources, and its parameters.</returns>
    public abstract (string Sql, (string Name, object? Value)[] Values) Find(SearchQuery query);

    /// <summary>Which text of the index a message's is.</summary>
    /// <param name="place">The message's place.</param>
    public static long OfMessage(long place) => (place * 2) + 1;

    /// <summary>Which text of the index a conversation's title is.</summary>
    /// <param name="place">The conversation's place.</param>
    public static long OfTitle(long place) => place * 2;
}
