import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/api/types';
import { endingOf, isPartial, type Seen, troubleOf } from '../../src/ui/ending';
import { en } from '../../src/words/en';

const message = (more: Partial<Message> = {}): Message => ({ id: 'ms_1', parent: null, role: 'assistant', content: 'Text', state: 'done', partial: false, created_at: 1, ...more });
const unseen: Seen = { problem: null, isStoppedHere: false, isStored: true };
const seen = (code: string, more: Partial<NonNullable<Seen['problem']>> = {}, isStored = true): Seen => ({ problem: { code, retryable: true, refused: false, ...more }, isStoppedHere: false, isStored });

describe('endingOf', () => {
  it('is nothing for an answer that is whole', () => expect(endingOf(message(), unseen)).toBe(''));
  it('says what cut it', () => {
    expect(endingOf(message({ finish_reason: 'length' }), unseen)).toBe(en.cutShort);
    expect(endingOf(message({ finish_reason: 'content_filter' }), unseen)).toBe(en.filtered);
  });
  it('names the tools, each once', () => {
    const calls = ['look', 'look', 'buy'].map(name => ({ function: { name } }));
    expect(endingOf(message({ content: '', tool_calls: calls }), unseen)).toBe(en.tools('look, buy'));
  });
  it('says that nothing came', () => expect(endingOf(message({ content: '' }), unseen)).toBe(en.nothing));
  it('knows who stopped it', () => {
    const stopped = message({ state: 'cancelled', partial: true });
    expect(endingOf(stopped, { ...unseen, isStoppedHere: true })).toBe(en.stopped);
    expect(endingOf(stopped, unseen)).toBe(en.cancelled);
    expect(endingOf(stopped, { ...seen('stop_unconfirmed'), isStoppedHere: true })).toBe(en.stoppedUnsure);
  });
});

describe('isPartial', () => {
  it('marks what is not whole, and has text at all', () => {
    expect(isPartial(message())).toBe(false);
    expect(isPartial(message({ state: 'cancelled', partial: true }))).toBe(true);
    expect(isPartial(message({ state: 'cancelled', partial: true, content: '' }))).toBe(false);
    expect(isPartial(message({ finish_reason: 'length' }))).toBe(true);
    expect(isPartial(message({ state: 'running', partial: true }))).toBe(false);
  });
});

describe('troubleOf', () => {
  const failed = (more: Partial<Message> = {}) => message({ state: 'failed', partial: true, ...more });

  it('is none where nothing went wrong', () => {
    expect(troubleOf(message(), unseen, null)).toBeNull();
    expect(troubleOf(message({ state: 'running' }), unseen, 'reconnecting')).toBeNull();
    expect(troubleOf(message({ state: 'cancelled' }), unseen, null)).toBeNull();
  });
  it('says the same of a failure after a reload', () => {
    const error = { code: 'upstream_error', message: 'Sorry.' };
    const expected = { what: en.whatPartial, message: 'Sorry.', advice: '', code: 'upstream_error', isLost: false };
    expect(troubleOf(failed({ error }), unseen, null)).toEqual(expected);
    expect(troubleOf(failed({ error }), seen('upstream_error', { message: 'Sorry.' }), null)).toEqual(expected);
  });
  it('tells no answer from half an answer', () => expect(troubleOf(failed({ content: '' }), unseen, null)?.what).toBe(en.whatNone));
  it('says that asking again will not help', () => expect(troubleOf(failed(), seen('bad_request', { retryable: false }), null)?.advice).toBe(en.adviceFinal));
  it('shows a refusal in the words of the server', () =>
    expect(troubleOf(failed({ content: '' }), seen('model_not_found', { refused: true, message: 'No such model.' }, false), null))
      .toMatchObject({ what: en.whatRefused, message: 'No such model.', advice: en.adviceKept, code: 'model_not_found' }));
  it('knows a busy server, and an ended session', () => {
    expect(troubleOf(failed(), seen('busy'), null)?.message).toBe(en.messageBusy);
    expect(troubleOf(failed(), seen('invalid_api_key'), null)?.message).toBe(en.messageSignIn);
  });
  it('knows an answer whose server died', () => expect(troubleOf(failed({ error: { code: 'interrupted' } }), unseen, null)?.message).toBe(en.messageInterrupted));
  it('tells a connection that was lost from a server that was never reached', () => {
    const running = message({ state: 'running' });
    expect(troubleOf(running, seen('connection_lost'), 'cut')).toMatchObject({ what: en.whatLost, isLost: true });
    expect(troubleOf(running, seen('unreachable', {}, false), 'cut', true)).toMatchObject({ what: en.whatUnreachable, message: en.messageUnreachable, isLost: false });
    expect(troubleOf(running, seen('unreachable', {}, false), 'cut', false)?.message).toBe(en.messageOffline);
    expect(troubleOf(running, seen('stream_lost'), 'cut')).toMatchObject({ what: en.whatPartial, message: en.messageGone, isLost: true });
  });
});
