namespace Sluice.Pipeline;

/// <summary>How an upstream is asked to go on with an answer that stands in the request as the assistant's last message.</summary>
internal enum PrefixStyle
{
    /// <summary>It cannot be.</summary>
    None,

    /// <summary><c>"prefix": true</c> on the message, behind the <c>/beta</c> base address: https://api-docs.deepseek.com/guides/chat_prefix_completion</summary>
    DeepSeek,

    /// <summary><c>"prefix": true</c> on the message: https://docs.mistral.ai/capabilities/completion/</summary>
    Mistral,

    /// <summary><c>"continue_final_message": true, "add_generation_prompt": false</c>: https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html</summary>
    Vllm,
}
