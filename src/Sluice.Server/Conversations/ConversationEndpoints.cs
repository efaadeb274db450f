using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Server.Conversations;

/// <summary><c>/v1/conversations</c>: lists, searches, shows, imports, renames, forgets and exports what is kept. Everyone sees his own alone.</summary>
internal sealed class ConversationEndpoints(ConversationKeeper keeper, EndpointOptions options, ILogger<ConversationEndpoints> logger)
{
    private const int DefaultLimit = 30;
    private const int MaxLimit = 100;
    private const int MaxSearch = 500;

    private readonly ConversationStore _store = keeper.Store;

    /// <summary><c>GET /v1/conversations</c>.</summary>
    public Task ListAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        var limit = Limit(context.Request.Query["limit"].ToString());
        var after = context.Request.Query["after"].ToString() is { Length: > 0 } cursor ? cursor : null;
        if (after is not null && !ConversationId.IsConversation(after))
        {
            throw WrongCursor();
        }

        var words = context.Request.Query["q"].ToString();
        if (words.Length > MaxSearch)
        {
            throw new ChatRequestException($"`q` is longer than {MaxSearch} characters.") { Param = "q" };
        }

        await keeper.SettleAsync(owner, conversation: null, gone);
        if (string.IsNullOrWhiteSpace(words))
        {
            var (conversations, hasMore) = await _store.ListAsync(owner, limit, after, gone) ?? throw WrongCursor();
            await SendAsync(context, 200, List(conversations, hasMore, ConversationJson.Fields));
            return;
        }

        var (hits, hasMoreHits) = await _store.SearchAsync(owner, SearchQuery.Parse(words), limit, after, gone) ?? throw WrongCursor();
        await SendAsync(context, 200, List(hits, hasMoreHits, static (json, hit) =>
        {
            ConversationJson.Fields(json, hit.Conversation);
            json.WriteString("snippet"u8, hit.Snippet);
            json.WriteString("message"u8, hit.Message);
        }));
    });

    /// <summary><c>POST /v1/conversations</c>.</summary>
    public Task CreateAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        using var body = ConversationBody.Parse(await RequestBody.ReadAsync(context, options.MaxRequestBytes));
        var (messages, head) = ConversationImport.Read(body.RootElement);
        var title = ConversationBody.Title(body.RootElement)
            ?? StoredText.Beginning(messages.FirstOrDefault(static message => message.Role == Message.User)?.Content ?? "", ConversationKeeper.MaxMadeTitle);
        var made = await _store.CreateAsync(owner, title, messages, head, gone) ?? throw ConversationErrors.NotFound();
        context.Response.Headers.Location = $"/v1/conversations/{made.Conversation.Id}";
        await SendAsync(context, 201, ConversationJson.Write(json => ConversationJson.Fields(json, made.Conversation, made.Messages)));
    });

    /// <summary><c>DELETE /v1/conversations</c>.</summary>
    public Task DeleteAllAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        // A delete that fails stops nothing.
        await _store.DeleteAsync(owner, id: null, gone);
        keeper.Cancel(owner, conversation: null);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    /// <summary><c>GET /v1/conversations/{id}</c>.</summary>
    public Task GetAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        var (conversation, messages) = await FindAsync(context, owner, gone);
        await SendAsync(context, 200, ConversationJson.Write(json => ConversationJson.Fields(json, conversation, messages)));
    });

    /// <summary><c>PATCH /v1/conversations/{id}</c>.</summary>
    public Task UpdateAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        using var body = ConversationBody.Parse(await RequestBody.ReadAsync(context, options.MaxRequestBytes));
        var title = ConversationBody.Title(body.RootElement);
        var head = ConversationBody.Text(body.RootElement, "head");
        if (head is not null && !ConversationId.IsMessage(head))
        {
            throw ConversationErrors.NoMessage("head");
        }

        var conversation = await _store.UpdateAsync(owner, Id(context), title, head, gone) ?? throw ConversationErrors.NotFound();
        if (head is not null && conversation.Head != head)
        {
            throw ConversationErrors.NoMessage("head");
        }

        await SendAsync(context, 200, ConversationJson.Write(json => ConversationJson.Fields(json, conversation)));
    });

    /// <summary><c>DELETE /v1/conversations/{id}</c>.</summary>
    public Task DeleteAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        var id = Id(context);
        if (await _store.DeleteAsync(owner, id, gone) == 0)
        {
            throw ConversationErrors.NotFound();
        }

        keeper.Cancel(owner, id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    /// <summary><c>GET /v1/conversations/{id}/export</c>.</summary>
    public Task ExportAsync(HttpContext context) => AnswerAsync(context, async (owner, gone) =>
    {
        var format = context.Request.Query["format"].ToString();
        if (format is not ("markdown" or "json"))
        {
            throw new ChatRequestException("`format` must be `markdown` or `json`.") { Param = "format" };
        }

        var (conversation, messages) = await FindAsync(context, owner, gone);
        var isJson = format == "json";
        context.Response.Headers.ContentDisposition = ConversationExport.Disposition(conversation.Title, isJson ? "json" : "md");
        await SendAsync(
            context, 200,
            isJson ? ConversationJson.Write(json => ConversationJson.Fields(json, conversation, messages)) : Encoding.UTF8.GetBytes(ConversationExport.Markdown(conversation, messages)),
            isJson ? "application/json; charset=utf-8" : "text/markdown; charset=utf-8");
    });

    private static string Id(HttpContext context) => context.GetRouteValue("id") is string id && ConversationId.IsConversation(id) ? id : throw ConversationErrors.NotFound();

    private static int Limit(string text) => text.Length == 0 ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit ? limit
        : throw new ChatRequestException($"`limit` must be a number from 1 to {MaxLimit}.") { Param = "limit" };

    private static ChatRequestException WrongCursor() => new("`after` names no conversation. Send the id of the last one that you have.") { Param = "after" };

    private static byte[] List<T>(IReadOnlyList<T> entries, bool hasMore, Action<Utf8JsonWriter, T> fields) => ConversationJson.Write(json =>
    {
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            fields(json, entry);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, hasMore);
    });

    private static async Task SendAsync(HttpContext context, int status, byte[] body, string type = "application/json; charset=utf-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task<(Conversation Conversation, IReadOnlyList<Message> Messages)> FindAsync(HttpContext context, string owner, CancellationToken gone)
    {
        var id = Id(context);
        await keeper.SettleAsync(owner, id, gone);
        return await _store.GetAsync(owner, id, gone) ?? throw ConversationErrors.NotFound();
    }

    private async Task AnswerAsync(HttpContext context, Func<string, CancellationToken, Task> answer)
    {
        try
        {
            RequestGuard.Check(context, options);
            await answer(Callers.Of(context).Id, context.RequestAborted);
        }
        catch (ChatRequestException e)
        {
            await ErrorResponse.WriteAsync(context, e);
        }
        catch (DbException e)
        {
            ConversationMessages.NotRead(logger, e);
            await ErrorResponse.WriteAsync(context, ConversationErrors.Unavailable(e));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left before it was answered.
        }
    }
}
