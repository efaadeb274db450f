// One case of the AI SDK over @ai-sdk/openai-compatible: node ai.mjs ai CASE BASE_URL MODEL. Prints what it saw as one line of JSON.
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';

const [, what, baseURL, model] = process.argv.slice(2);
const provider = createOpenAICompatible({ name: 'sluice', baseURL, apiKey: 'unused', includeUsage: true });
const seen = { text: '', finishReason: null, usage: null, toolCalls: [], chunks: 0, error: null };

const request = { model: provider(model), prompt: '你好', maxRetries: 0 };
if (what === 'tools') {
  const inputSchema = jsonSchema({ type: 'object', properties: { city: { type: 'string' } } });
  request.tools = { get_weather: tool({ description: 'The weather', inputSchema }) };
}

const usageOf = (usage) => ({ prompt_tokens: usage.inputTokens, completion_tokens: usage.outputTokens });
const fail = (error) => {
  seen.error = { name: error?.name ?? error?.constructor?.name ?? typeof error, message: error?.message ?? String(error), status: error?.statusCode ?? null, code: null };
};

try {
  if (what === 'complete') {
    const answer = await generateText(request);
    seen.text = answer.text;
    seen.finishReason = answer.finishReason;
    seen.usage = usageOf(answer.usage);
  } else {
    for await (const part of streamText({ ...request, onError: () => {} }).fullStream) {
      seen.chunks++;
      if (part.type === 'text-delta') seen.text += part.text;
      if (part.type === 'tool-call') seen.toolCalls.push({ name: part.toolName, arguments: JSON.stringify(part.input) });
      if (part.type === 'error') fail(part.error);
      if (part.type === 'finish') {
        seen.finishReason = part.finishReason;
        seen.usage = usageOf(part.totalUsage);
      }
    }
  }
} catch (error) {
  fail(error);
}

console.log(JSON.stringify(seen));
