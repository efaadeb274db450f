namespace Sluice.Server.Upstream;

/// <summary>How the scripted upstream speaks.</summary>
internal enum UpstreamDialect
{
    /// <summary>As the OpenAI API does.</summary>
    OpenAi,

    /// <summary>As Bella OpenAPI does: no space after `data:`, three flushes per event, no `[DONE]`, empty strings for what is absent.</summary>
    Bella,
}
