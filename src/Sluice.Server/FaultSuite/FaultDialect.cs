namespace Sluice.Server.FaultSuite;

/// <summary>How a question is asked.</summary>
internal enum FaultDialect
{
    /// <summary>GET /ask/stream, Sluice's own events.</summary>
    Native,

    /// <summary>POST /v1/chat/completions, OpenAI's chunks.</summary>
    OpenAi,
}
