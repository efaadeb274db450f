using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: what may be asked for, in OpenAI's shape.</summary>
internal sealed class ModelsEndpoint(IModelCatalog models)
{
    /// <summary>Answers with all models that the caller may ask for, the default one first.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var all = await models.ListAsync(context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        var caller = Callers.Of(context);
        foreach (var model in all.Where(model => caller.MayAsk(model.Id)))
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Answers with one model, or 404.</summary>
    public async Task GetAsync(HttpContext context)
    {
        // Of all escapes in a path the server leaves the slash's alone; SDKs that escape the id send `provider%2Fmodel`.
        var id = (context.GetRouteValue("id") as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (!await ModelAccess.MayAskAsync(models, Callers.Of(context), id, context.RequestAborted))
        {
            await ErrorResponse.ModelNotFoundAsync(context, ModelAccess.NotFound(models, id));
            return;
        }

        var listed = (await models.ListAsync(context.RequestAborted)).FirstOrDefault(model => model.Id == id);
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        Write(json, listed ?? new ChatModel(id, id.Split('/')[0]));
    }

    private static void Write(Utf8JsonWriter json, ChatModel model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0);
        json.WriteString("owned_by"u8, model.OwnedBy);
        json.WriteEndObject();
    }
}
