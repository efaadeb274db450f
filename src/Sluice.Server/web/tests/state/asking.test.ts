import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { session } from '../../src/api/request';
import { fakeModule, answer as answerOf, made, question as questionOf, whole } from './fakes';

vi.mock('../../src/stream/live-answer', () => fakeModule);
vi.mock('../../src/state/channel', () => ({ tell: vi.fn(), hear: vi.fn() }));

const api = vi.hoisted(() => ({ list: vi.fn(), read: vi.fn() }));
vi.mock('../../src/api/conversations', () => api);

const { ask, regenerate, stop, titleOf } = await import('../../src/state/asking');
const { drafts } = await import('../../src/state/drafts');
const { conversations, listStatus, refresh } = await import('../../src/state/list');
const { runningIds } = await import('../../src/state/running');
const { Thread } = await import('../../src/state/thread');
const { current } = await import('../../src/state/threads');

const asked = { conversation: 'cv_1', question: 'ms_q', answer: 'ms_a' };
const last = () => made.at(-1)!;
const shown = () => current.value.turns.value.map(({ question, answer }) => [question?.message.value.content, answer?.message.value.content, answer?.message.value.state]);

beforeEach(async () => {
  made.length = 0;
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/');
  api.list.mockResolvedValue({ data: [], has_more: false });
  listStatus.value = 'loading';
  await refresh();
  conversations.value = [];
  current.value = new Thread();
});

afterEach(() => {
  for (const one of made) one.end('cancelled');
});

async function askFirst(text = 'Hello'): Promise<void> {
  await ask(current.value, text);
  last().asked(asked);
}

describe('ask', () => {
  it('begins a conversation, and names it once the server has', async () => {
    expect(await ask(current.value, '  Hello  ')).toBe(true);
    expect(last().request).toEqual({ prompt: 'Hello', conversation: 'new' });
    expect(shown()).toEqual([['Hello', '', 'running']]);
    expect(drafts.read('')).toBe('');
    last().asked(asked);
    expect(location.search).toBe('?c=cv_1');
    expect(current.value.find('ms_a')).not.toBeNull();
    expect(conversations.value).toMatchObject([{ id: 'cv_1', title: 'Hello', running: true, head: 'ms_a' }]);
    expect([...runningIds.value]).toEqual(['cv_1']);
  });
  it('keeps what came at its end', async () => {
    await askFirst();
    last().write('World');
    last().figures.value = { ...last().figures.value, tokens: 7, elapsedMs: 900, finishReason: 'stop' };
    last().end('done');
    expect(shown()).toEqual([['Hello', 'World', 'done']]);
    expect(current.value.find('ms_a')!.message.value).toMatchObject({ partial: false, model: 'm', ttft_ms: 100, usage: { completion_tokens: 7 }, finish_reason: 'stop' });
    expect(current.value.running.value).toBeNull();
    expect(conversations.value[0]!.running).toBe(false);
    expect(runningIds.value.size).toBe(0);
  });
  it('goes on behind the last answer', async () => {
    await askFirst();
    last().end('done');
    await ask(current.value, 'And then?');
    expect(last().request).toEqual({ prompt: 'And then?', conversation: 'cv_1', parent: 'ms_a' });
  });
  it('does nothing while an answer runs, or without a word', async () => {
    await askFirst();
    expect(await ask(current.value, 'Too soon')).toBe(false);
    expect(await ask(new Thread(), '  \n ')).toBe(false);
    expect(made).toHaveLength(1);
  });
  it('may run in several conversations at once', async () => {
    await askFirst();
    const other = new Thread();
    expect(await ask(other, 'Another')).toBe(true);
    last().asked({ conversation: 'cv_2', question: 'ms_q2', answer: 'ms_a2' });
    expect([...runningIds.value].sort()).toEqual(['cv_1', 'cv_2']);
  });
  it('asks an edited question beside the old one', async () => {
    await askFirst();
    last().end('done');
    await ask(current.value, 'Hello!', null);
    expect(last().request).toEqual({ prompt: 'Hello!', conversation: 'cv_1', parent: 'root' });
    const edited = current.value.turns.value[0]!.question!;
    expect(current.value.branches(edited).map(entry => entry.message.value.content)).toEqual(['Hello', 'Hello!']);
  });
});

describe('a question that the server did not take', () => {
  const refused = { code: 'model_not_found', message: 'No.', retryable: false, refused: true };

  it('stays, with its text kept for after a reload', async () => {
    await ask(current.value, 'Hello');
    last().end('failed', refused);
    expect(shown()).toEqual([['Hello', '', 'failed']]);
    expect(sessionStorage.getItem('sluice.sent.new')).toBe('Hello');
    expect(current.value.turns.value[0]!.answer!.problem.value).toEqual(refused);
  });
  it('leads to the sign-in page where the session has ended', async () => {
    const ended = vi.spyOn(session, 'ended').mockImplementation(() => {});
    await ask(current.value, 'Hello');
    last().end('failed', { code: 'invalid_api_key', retryable: false, refused: true });
    expect(ended).toHaveBeenCalledOnce();
    expect(sessionStorage.getItem('sluice.sent.new')).toBe('Hello');
  });
  it('is asked anew in its own place, never both', async () => {
    await ask(current.value, 'Hello');
    last().end('cut', { code: 'unreachable', retryable: true, refused: false });
    const first = last();
    await regenerate(current.value, current.value.turns.value[0]!.question!);
    expect(first.isDetached).toBe(true);
    expect(last().request).toEqual({ prompt: 'Hello', conversation: 'new' });
    expect(last().key).toBe(first.key);
    expect(current.value.entries.value).toHaveLength(2);
  });
  it('has a key of its own once it was refused', async () => {
    await ask(current.value, 'Hello');
    const first = last();
    first.end('failed', refused);
    await regenerate(current.value, current.value.turns.value[0]!.question!);
    expect(last().key).not.toBe(first.key);
  });
  it('is there again for whoever comes back to it', async () => {
    await ask(current.value, 'Hello');
    last().end('failed', { code: 'unreachable', retryable: true, refused: false });
    expect(drafts.restore('', [])).toBe('Hello');
  });
  it('is not what the next one is asked after', async () => {
    await askFirst();
    last().end('done');
    await ask(current.value, 'Refused');
    last().end('failed', refused);
    await ask(current.value, 'Better');
    expect(last().request).toMatchObject({ parent: 'ms_a' });
  });
});

describe('regenerate', () => {
  it('asks for another answer to a stored question, and keeps the old one', async () => {
    await askFirst();
    last().write('One');
    last().end('done');
    await regenerate(current.value, current.value.find('ms_q')!);
    expect(last().request).toEqual({ regenerate: 'ms_q', conversation: 'cv_1' });
    expect(shown()).toEqual([['Hello', '', 'running']]);
    expect(current.value.branches(current.value.turns.value[0]!.answer!)).toHaveLength(2);
  });
});

describe('stop', () => {
  it('cancels the shown answer, and remembers who did', async () => {
    await askFirst();
    stop(current.value);
    expect(last().isCancelled).toBe(true);
    last().end('cancelled');
    expect(current.value.find('ms_a')!.isStoppedHere).toBe(true);
    expect(current.value.find('ms_a')!.message.value).toMatchObject({ state: 'cancelled', partial: true });
  });
});

describe('a cut', () => {
  it('shows what the server has kept', async () => {
    await askFirst();
    last().write('Wor');
    api.read.mockResolvedValue(whole([questionOf('ms_q', null, 'Hello'), answerOf('ms_a', 'ms_q', { content: 'World' })]));
    last().end('cut', { code: 'stream_lost', retryable: false, refused: false });
    await vi.waitFor(() => expect(shown()).toEqual([['Hello', 'World', 'done']]));
    expect(current.value.find('ms_a')!.live.value).toBeNull();
  });
  it('counts the reconnects', async () => {
    await askFirst();
    for (const state of ['streaming', 'reconnecting', 'reconnecting', 'streaming', 'reconnecting', 'streaming'] as const) last().state.value = state;
    expect(current.value.find('ms_a')!.cuts.value).toBe(2);
    last().end('done');
  });
});

describe('where nothing is kept', () => {
  it('sends the turns before along', async () => {
    listStatus.value = 'off';
    await ask(current.value, 'One');
    expect(last().request).toEqual({ messages: [{ role: 'user', content: 'One' }] });
    last().asked({ conversation: '', question: '', answer: '' });
    last().write('First');
    last().end('done');
    await ask(current.value, 'Two');
    expect(last().request!.messages).toEqual([{ role: 'user', content: 'One' }, { role: 'assistant', content: 'First' }, { role: 'user', content: 'Two' }]);
    await vi.waitFor(() => expect(location.search).toBe(''));
    last().end('cancelled');
    await regenerate(current.value, current.value.turns.value[0]!.question!);
    expect(last().request).toEqual({ messages: [{ role: 'user', content: 'One' }] });
  });
});

describe('titleOf', () => {
  it('is the first line, cut where it is long', () => {
    expect(titleOf(' One\nTwo')).toBe('One');
    expect(titleOf('x'.repeat(200))).toHaveLength(80);
  });
});
