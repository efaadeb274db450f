// One case of the official OpenAI client: node openai.mjs PACKAGE CASE BASE_URL MODEL. Prints what it saw as one line of JSON.
const [packageName, what, baseURL, model] = process.argv.slice(2);
const { default: OpenAI } = await import(packageName);
const client = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0, timeout: 60_000 });
const seen = { text: '', finishReason: null, usage: null, toolCalls: [], chunks: 0, error: null };

const body = { model, messages: [{ role: 'user', content: '你好' }] };
if (what === 'tools') {
  body.tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
}

try {
  if (what === 'complete') {
    const answer = await client.chat.completions.create(body);
    seen.text = answer.choices[0].message.content;
    seen.finishReason = answer.choices[0].finish_reason;
    seen.usage = answer.usage;
  } else {
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })) {
      seen.chunks++;
      seen.usage = chunk.usage ?? seen.usage;
      const choice = chunk.choices[0];
      seen.text += choice?.delta?.content ?? '';
      seen.finishReason = choice?.finish_reason ?? seen.finishReason;
      for (const call of choice?.delta?.tool_calls ?? []) {
        const whole = (seen.toolCalls[call.index] ??= { name: '', arguments: '' });
        whole.name += call.function?.name ?? '';
        whole.arguments += call.function?.arguments ?? '';
      }
    }
  }
} catch (error) {
  seen.error = { name: error.constructor.name, message: error.message, status: error.status ?? null, code: error.code ?? null };
}

console.log(JSON.stringify(seen));
