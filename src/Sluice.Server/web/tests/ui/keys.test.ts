import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Entry } from '../../src/state/entry';
import { answer, FakeAnswer, question } from '../state/fakes';

vi.mock('../../src/state/channel', () => ({ tell: vi.fn(), hear: vi.fn() }));
const { press } = await import('../../src/ui/keys');
const { Thread } = await import('../../src/state/thread');
const { current } = await import('../../src/state/threads');
const { dialog } = await import('../../src/state/view');

const key = (name: string, more: KeyboardEventInit = {}, target: EventTarget = document.body): boolean => {
  const event = new KeyboardEvent('keydown', { key: name, ...more });
  Object.defineProperty(event, 'target', { value: target });
  return press(event);
};

beforeEach(() => {
  dialog.value = null;
  current.value = new Thread();
});
afterEach(() => {
  dialog.value = null;
});

describe('the keys', () => {
  it('open and close the palette', () => {
    expect(key('k', { ctrlKey: true })).toBe(true);
    expect(dialog.value).toBe('palette');
    key('k', { ctrlKey: true });
    expect(dialog.value).toBeNull();
  });
  it('show the help, but not to someone who types', () => {
    const box = document.createElement('textarea');
    expect(key('?', {}, box)).toBe(false);
    expect(key('?')).toBe(true);
    expect(dialog.value).toBe('help');
  });
  it('stop the answer with Esc, and nothing where none runs', () => {
    expect(key('Escape')).toBe(false);
    const live = new FakeAnswer();
    const thread = new Thread();
    const entry = new Entry(answer('a1', 'q1', { state: 'running' }));
    entry.live.value = live.live;
    thread.add(new Entry(question('q1', null)), entry);
    current.value = thread;
    expect(key('Escape')).toBe(true);
    expect(live.isCancelled).toBe(true);
  });
  it('leave Esc to a dialog', () => {
    dialog.value = 'help';
    expect(key('Escape')).toBe(false);
  });
  it('begin a new chat', () => {
    const before = current.value;
    before.add(new Entry(question('q1', null)));
    expect(key('O', { ctrlKey: true, shiftKey: true })).toBe(true);
    expect(current.value).not.toBe(before);
  });
  it('leave everything else to the browser', () => {
    for (const other of ['k', 'Enter', 'a', 'ArrowUp']) expect(key(other)).toBe(false);
    expect(key('k', { ctrlKey: true, shiftKey: true })).toBe(false);
  });
});
