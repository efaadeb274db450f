import type { Message } from '../api/types';
import type { Figures } from '../stream/figures';
import { words } from '../words';
import { count, duration, rate } from '../words/numbers';

/** Below so many milliseconds the speed of the network is all that a rate would tell. */
const shortest = 50;

/** The figures of an answer as it was kept. */
export function keptFigures({ model, ttft_ms, duration_ms, usage, attempts, finish_reason }: Message): Figures {
  const tokens = usage?.completion_tokens ?? null;
  const writing = (duration_ms ?? 0) - (ttft_ms ?? 0);
  return {
    model: model ?? '',
    ttftMs: ttft_ms ?? null,
    tokens,
    tokensPerSecond: tokens !== null && duration_ms != null && ttft_ms != null && writing > shortest ? (tokens * 1000) / writing : null,
    elapsedMs: duration_ms ?? 0,
    attempts: attempts ?? null,
    finishReason: finish_reason ?? null,
  };
}

/** Figures in words, those that are known. */
export function figureTexts({ model, ttftMs, tokens, tokensPerSecond, attempts }: Figures): string[] {
  const texts: string[] = [];
  if (model) texts.push(model);
  if (tokensPerSecond !== null) texts.push(words.tokenRate(rate(tokensPerSecond)));
  if (ttftMs !== null) texts.push(words.firstToken(duration(ttftMs)));
  if (tokens !== null) texts.push(words.tokens(count(tokens)));
  if (attempts !== null && attempts > 1) texts.push(words.attempts(count(attempts)));
  return texts;
}
