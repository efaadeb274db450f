import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Frame } from '../../src/markdown/frame';

let paint: (() => void) | null;
const draw = vi.fn();
let frame: Frame;

// The browser's next frame comes when a test says so.
beforeEach(() => {
  vi.useFakeTimers();
  paint = null;
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    paint = callback;
    return 1;
  });
  vi.stubGlobal('cancelAnimationFrame', () => (paint = null));
  draw.mockClear();
  frame = new Frame(draw);
});
afterEach(() => {
  frame.cancel();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('drawing waits for a frame, and takes no time of it', () => {
  frame.ask();
  vi.advanceTimersByTime(100);
  expect(draw).not.toHaveBeenCalled();
  paint!();
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(draw).toHaveBeenCalledTimes(1);
  expect(frame.isAsked).toBe(false);
});

test('however often it is asked, it draws once', () => {
  frame.ask();
  frame.ask();
  paint!();
  frame.ask();
  vi.advanceTimersByTime(100);
  expect(draw).toHaveBeenCalledTimes(1);
});

test('what is taken back behind the frame is not drawn', () => {
  frame.ask();
  paint!();
  frame.cancel();
  vi.advanceTimersByTime(100);
  expect(draw).not.toHaveBeenCalled();
});

test('what is not due yet needs no frame', () => {
  frame.ask(200);
  expect(paint).toBeNull();
  vi.advanceTimersByTime(200);
  expect(draw).toHaveBeenCalledTimes(1);
});
