import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QuestionEditor } from '../../src/ui/question-editor';

const onSend = vi.fn();
const onCancel = vi.fn();
let root: HTMLElement;

function show(isLocked = false): HTMLTextAreaElement {
  act(() => render(<QuestionEditor text="Old" isLocked={isLocked} onSend={onSend} onCancel={onCancel} />, root));
  return root.querySelector('textarea')!;
}

function press(box: HTMLElement, key: string, more: KeyboardEventInit = {}): void {
  act(() => void box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })));
}

function type(box: HTMLTextAreaElement, text: string): void {
  box.value = text;
  act(() => void box.dispatchEvent(new Event('input', { bubbles: true })));
}

beforeEach(() => {
  vi.clearAllMocks();
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

describe('the editor of a question', () => {
  it('has the old text and the focus', () => {
    const box = show();
    expect(box.value).toBe('Old');
    expect(document.activeElement).toBe(box);
  });
  it('sends on Enter, and breaks the line with Shift', () => {
    const box = show();
    type(box, 'New');
    press(box, 'Enter', { shiftKey: true });
    expect(onSend).not.toHaveBeenCalled();
    press(box, 'Enter');
    expect(onSend).toHaveBeenCalledExactlyOnceWith('New');
  });
  it('leaves Enter to an input method', () => {
    press(show(), 'Enter', { isComposing: true });
    expect(onSend).not.toHaveBeenCalled();
  });
  it('gives up on Esc, which stops nothing else', () => {
    const outside = vi.fn();
    document.addEventListener('keydown', outside, { once: true });
    press(show(), 'Escape');
    expect(onCancel).toHaveBeenCalledOnce();
    expect(outside).not.toHaveBeenCalled();
    document.removeEventListener('keydown', outside);
  });
  it('sends nothing while an answer runs, and no blank question', () => {
    press(show(true), 'Enter');
    const box = show();
    type(box, '  ');
    press(box, 'Enter');
    expect(onSend).not.toHaveBeenCalled();
    expect(root.querySelector<HTMLButtonElement>('[type=submit]')!.disabled).toBe(true);
  });
});
