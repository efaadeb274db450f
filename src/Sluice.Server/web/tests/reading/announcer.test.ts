import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcer } from '../../src/reading/announcer';

let root: HTMLElement;
let announcer: Announcer;
beforeEach(() => {
  vi.useFakeTimers();
  root = document.createElement('div');
  announcer = new Announcer(root, { generating: 'Generating', stillGenerating: 'Still generating' });
});
afterEach(() => {
  announcer.dispose();
  vi.useRealTimers();
});

test('an answer is announced, then again every seven seconds, then read once', () => {
  announcer.begin();
  expect(root.textContent).toBe('Generating');
  vi.advanceTimersByTime(7_000);
  expect(root.textContent).toBe('Still generating');
  announcer.end('Answer complete. Hello');
  expect(root.textContent).toBe('Answer complete. Hello');
  vi.advanceTimersByTime(60_000);
  expect(root.textContent).toBe('Answer complete. Hello');
});

test('the same words are said again as others', () => {
  announcer.begin();
  vi.advanceTimersByTime(7_000);
  const first = root.textContent;
  vi.advanceTimersByTime(7_000);
  expect(root.textContent).not.toBe(first);
  expect(root.textContent!.trim()).toBe('Still generating');
});
