import './plain-purifier';
import { afterEach, expect, test, vi } from 'vitest';
import { MarkdownView } from '../../src/markdown/markdown-view';
import { documents } from './documents';

afterEach(() => void vi.useRealTimers());

// A definition counts once it is finished; before that, a text rendered at once knows more.
test.each(documents.filter(text => !text.includes(']:')))('at every moment of %j it looks as if it had come at once', async text => {
  vi.useFakeTimers();
  const root = document.body.appendChild(document.createElement('div'));
  const view = new MarkdownView(root);
  for (let at = 0; at < text.length; at++) {
    view.append(text[at]!);
    await vi.advanceTimersByTimeAsync(400);
    const whole = document.body.appendChild(document.createElement('div'));
    const once = new MarkdownView(whole);
    once.replace(text.slice(0, at + 1));
    await vi.advanceTimersByTimeAsync(400);
    expect(root.innerHTML, `after ${JSON.stringify(text.slice(0, at + 1))}`).toBe(whole.innerHTML);
    once.dispose();
    whole.remove();
  }
  root.remove();
});
