using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>Which models a caller may ask for. One that it may not looks like one that nobody has.</summary>
internal static class ModelAccess
{
    /// <summary>Whether somebody serves the model, and the caller may ask for it.</summary>
    /// <param name="models">What is served.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="model">The name as asked for; null or empty asks for the default model, which counts under its own name.</param>
    /// <param name="cancellationToken">Ends the wait for upstreams that are asked for their list.</param>
    public static ValueTask<bool> MayAskAsync(IModelCatalog models, Caller caller, string? model, CancellationToken cancellationToken) =>
        caller.MayAsk(string.IsNullOrEmpty(model) ? models.DefaultModel : model) ? models.IsServedAsync(model, cancellationToken) : new(false);

    /// <summary>The message for a model that nobody serves, or that the caller may not ask for.</summary>
    /// <param name="models">What is served.</param>
    /// <param name="model">The name as asked for.</param>
    public static string NotFound(IModelCatalog models, string? model) => string.IsNullOrEmpty(model)
        ? "No model is named, and there is no default one here. GET /v1/models lists what may be asked for."
        : models.NotFound(model);
}
