import { describe, expect, it } from 'vitest';
import { Entry, localId } from '../../src/state/entry';
import { Thread } from '../../src/state/thread';
import { answer, FakeAnswer, question, whole } from './fakes';

const none = new Set<string>();
const ids = (thread: Thread) => thread.turns.value.flatMap(turn => [turn.question, turn.answer]).map(entry => entry?.message.value.id);

function read(...messages: Parameters<typeof whole>[0]): Thread {
  const thread = new Thread();
  thread.take(whole(messages), none);
  return thread;
}

describe('take', () => {
  it('shows the branch of the head', () => {
    const thread = read(question('q1', null), answer('a1', 'q1'), question('q2', 'a1'), answer('a2', 'q2'));
    expect(ids(thread)).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect([thread.id.value, thread.title.value, thread.status.value]).toEqual(['cv_1', 'Title', 'ready']);
  });
  it('keeps the same entries, so that nothing is rendered anew', () => {
    const thread = read(question('q1', null), answer('a1', 'q1'));
    const before = thread.entries.value;
    thread.take(whole([question('q1', null), answer('a1', 'q1')]), new Set(['q1', 'a1']));
    expect(thread.entries.value).toBe(before);
  });
  it('follows the head further along the same branch, and not to another', () => {
    const thread = read(question('q1', null), answer('a1', 'q1'));
    thread.take(whole([question('q1', null), answer('a1', 'q1'), question('q2', 'a1'), answer('a2', 'q2')]), none);
    expect(thread.head.value).toBe('a2');
    thread.take(whole([question('q1', null), answer('a1', 'q1'), question('q2', 'a1'), answer('a2', 'q2'), answer('b1', 'q1')]), none);
    expect(thread.head.value).toBe('a2');
  });
  it('leaves alone what runs here, what is not stored, and what came while it was on its way', () => {
    const thread = read(question('q1', null), answer('a1', 'q1', { state: 'running', content: '' }));
    thread.find('a1')!.live.value = new FakeAnswer().live;
    thread.add(new Entry(question(localId(), 'a1')), new Entry(question('young', 'a1')));
    thread.take(whole([question('q1', null), answer('a1', 'q1', { state: 'running', content: 'half' })]), new Set(['q1', 'a1']));
    expect(thread.find('a1')!.message.value.content).toBe('');
    expect(thread.entries.value).toHaveLength(4);
  });
  it('lets go of what the server no longer has', () => {
    const thread = read(question('q1', null), answer('a1', 'q1'), answer('b1', 'q1'));
    thread.take(whole([question('q1', null), answer('b1', 'q1')]), new Set(['q1', 'a1', 'b1']));
    expect(thread.find('a1')).toBeNull();
  });
});

describe('named', () => {
  it('keeps the head, and takes the place of the same message read before', () => {
    const thread = new Thread();
    const entry = new Entry(question(localId(), null));
    thread.add(entry);
    thread.head.value = entry.message.value.id;
    thread.take(whole([question('q1', null)]), none);
    thread.head.value = entry.message.value.id;
    thread.named(entry, 'q1', null);
    expect(thread.entries.value).toEqual([entry]);
    expect(thread.head.value).toBe('q1');
    expect(entry.isStored).toBe(true);
  });
});

describe('branches', () => {
  it('leave out answers that failed without a word, unless one is shown', () => {
    const thread = read(question('q1', null), answer('a1', 'q1', { state: 'failed', content: '' }), answer('b1', 'q1'), answer('c1', 'q1', { state: 'failed', content: 'half' }));
    const of = (id: string) => thread.branches(thread.find(id)!).map(entry => entry.message.value.id);
    expect(of('b1')).toEqual(['b1', 'c1']);
    expect(of('a1')).toEqual(['a1', 'b1', 'c1']);
  });
  it('are shown down to their newest end', () => {
    const thread = read(question('q1', null), answer('a1', 'q1'), question('q2', 'a1'), answer('a2', 'q2'), answer('b1', 'q1'));
    expect(ids(thread)).toEqual(['q1', 'b1']);
    thread.show('a1');
    expect(ids(thread)).toEqual(['q1', 'a1', 'q2', 'a2']);
  });
});

describe('running', () => {
  it('is the shown answer that is on its way', () => {
    const thread = read(question('q1', null), answer('a1', 'q1', { state: 'running' }), answer('b1', 'q1'));
    const live = new FakeAnswer();
    thread.find('a1')!.live.value = live.live;
    expect(thread.running.value).toBeNull();
    thread.show('a1');
    expect(thread.running.value).toBe(thread.find('a1'));
    live.state.value = 'cut';
    expect(thread.running.value).toBeNull();
  });
});
