import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeModule, made } from '../state/fakes';

vi.mock('../../src/stream/live-answer', () => fakeModule);
vi.mock('../../src/state/channel', () => ({ tell: vi.fn(), hear: vi.fn() }));
const api = vi.hoisted(() => ({ list: vi.fn() }));
vi.mock('../../src/api/conversations', () => api);

const { Composer } = await import('../../src/ui/composer');
const { refresh } = await import('../../src/state/list');
const { Thread } = await import('../../src/state/thread');
const { current } = await import('../../src/state/threads');
const { edited } = await import('../../src/state/view');
const { en } = await import('../../src/words/en');

let root: HTMLElement;
const box = () => root.querySelector('textarea')!;
const settled = () => act(async () => {});

async function type(text: string): Promise<void> {
  box().value = text;
  await act(() => void box().dispatchEvent(new Event('input', { bubbles: true })));
}

async function press(key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  await act(async () => void box().dispatchEvent(event));
  await settled();
  return event;
}

beforeEach(async () => {
  made.length = 0;
  localStorage.clear();
  sessionStorage.clear();
  api.list.mockResolvedValue({ data: [], has_more: false });
  await refresh();
  current.value = new Thread();
  edited.value = null;
  root = document.createElement('div');
  document.body.append(root);
  await act(() => render(<Composer />, root));
});

afterEach(() => {
  for (const one of made) one.end('cancelled');
  render(null, root);
  root.remove();
});

describe('the composer', () => {
  it('sends with Enter, and is empty then', async () => {
    await type('Hello');
    const event = await press('Enter');
    expect(event.defaultPrevented).toBe(true);
    expect(made.map(one => one.request)).toEqual([{ prompt: 'Hello', conversation: 'new' }]);
    expect(box().value).toBe('');
    expect(root.querySelector('#stop')).not.toBeNull();
  });
  it('breaks the line with Shift+Enter, and leaves Enter to an input method', async () => {
    await type('Hello');
    expect((await press('Enter', { shiftKey: true })).defaultPrevented).toBe(false);
    await press('Enter', { isComposing: true });
    expect(made).toHaveLength(0);
  });
  it('keeps what was typed while an answer runs, and says why', async () => {
    await type('One');
    await press('Enter');
    await type('Two');
    await press('Enter');
    expect(box().value).toBe('Two');
    expect(root.querySelector('#hint')!.textContent).toContain(en.stillRunning);
    expect(made).toHaveLength(1);
  });
  it('keeps a draft for each conversation', async () => {
    await type('half');
    expect(sessionStorage.getItem('sluice.draft.new')).toBe('half');
    const other = new Thread();
    other.id.value = 'cv_2';
    await act(() => void (current.value = other));
    expect(box().value).toBe('');
    await act(() => void (current.value = new Thread()));
    expect(box().value).toBe('half');
  });
  it('never shows what was typed elsewhere while a conversation loads', async () => {
    await type('half');
    const other = new Thread();
    other.id.value = 'cv_2';
    other.status.value = 'loading';
    localStorage.setItem('sluice.draft.cv_2', 'its own');
    await act(() => void (current.value = other));
    expect(box().value).toBe('its own');
    await type('its own, and more');
    await act(() => void (other.status.value = 'ready'));
    expect(box().value).toBe('its own, and more');
  });
  it('edits the last question with Up, but only while it is empty', async () => {
    await type('One');
    await press('Enter');
    made[0]!.asked({ conversation: 'cv_1', question: 'ms_q', answer: 'ms_a' });
    await act(async () => made[0]!.end('done'));
    await type('x');
    await press('ArrowUp');
    expect(edited.value).toBeNull();
    await type('');
    await press('ArrowUp');
    expect(edited.value).toBe(current.value.find('ms_q')!.key);
  });
  it('sends nothing that is blank', async () => {
    await type('  ');
    await press('Enter');
    expect(made).toHaveLength(0);
    expect(root.querySelector<HTMLButtonElement>('#send')!.disabled).toBe(true);
  });
});
