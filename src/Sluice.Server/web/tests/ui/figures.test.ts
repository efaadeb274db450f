import { describe, expect, it } from 'vitest';
import { answer } from '../state/fakes';
import { figureTexts, keptFigures } from '../../src/ui/figures';

const texts = (more: Parameters<typeof answer>[2]) => figureTexts(keptFigures(answer('a', 'q', more)));

describe('the figures of a kept answer', () => {
  it('are those that are known', () =>
    expect(texts({ model: 'gpt-4o', usage: { completion_tokens: 1200 }, ttft_ms: 1500, duration_ms: 13_500, attempts: 1 })).toEqual(['gpt-4o', '100 tokens/s', 'first token 1.5 s', '1,200 tokens']));
  it('leave out what is not', () => expect(texts({})).toEqual([]));
  it('give no rate for what took no time', () => expect(texts({ usage: { completion_tokens: 3 }, ttft_ms: 10, duration_ms: 20 })).toEqual(['first token 10 ms', '3 tokens']));
  it('tell of several attempts', () => expect(texts({ attempts: 3 })).toEqual(['3 attempts']));
});
