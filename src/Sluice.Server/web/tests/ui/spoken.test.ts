import { describe, expect, it, vi } from 'vitest';
import { Entry } from '../../src/state/entry';
import { answer } from '../state/fakes';
import { en } from '../../src/words/en';

vi.mock('../../src/state/channel', () => ({ tell: vi.fn(), hear: vi.fn() }));
const { spokenEnd } = await import('../../src/ui/spoken');

const entry = (more: Parameters<typeof answer>[2]) => new Entry(answer('ms_1', 'ms_0', more));

describe('what is said at the end of an answer', () => {
  it('is the whole text, once', () => expect(spokenEnd(entry({ content: 'Forty-two.' }))).toBe(`${en.complete} Forty-two.`));
  it('tells that it was cut at the limit', () => expect(spokenEnd(entry({ content: 'Forty', finish_reason: 'length' }))).toBe(`${en.complete} Forty ${en.cutShort}`));
  it('is who stopped it', () => {
    const stopped = entry({ state: 'cancelled' });
    stopped.isStoppedHere = true;
    expect(spokenEnd(stopped)).toBe(en.stopped);
  });
  it('leaves the details of a failure to its box', () => expect(spokenEnd(entry({ state: 'failed', content: '', error: { code: 'x', message: 'Long story' } }))).toBe(en.whatNone));
});
