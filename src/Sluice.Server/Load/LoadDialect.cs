namespace Sluice.Server.Load;

/// <summary>Which kind of stream is measured.</summary>
internal enum LoadDialect
{
    /// <summary>POST of a chat completion, OpenAI's chunks.</summary>
    OpenAi,

    /// <summary>GET /ask/stream, Sluice's own events.</summary>
    Native,
}
