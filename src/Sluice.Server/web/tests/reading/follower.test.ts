import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Follower } from '../../src/reading/follower';

let box: HTMLElement;
let follower: Follower;
let height: number;
let grown: () => void;

// happy-dom lays nothing out: the box is 100 pixels high, its content as high as `height`.
beforeEach(() => {
  height = 500;
  vi.stubGlobal('ResizeObserver', class {
    constructor(callback: () => void) {
      grown = callback;
    }
    observe(): void {}
    disconnect(): void {}
  });
  box = document.createElement('div');
  let top = 0;
  Object.defineProperties(box, {
    scrollHeight: { get: () => height },
    clientHeight: { get: () => 100 },
    scrollTop: { get: () => top, set: (value: number) => (top = Math.max(0, Math.min(value, height - 100))) },
  });
  box.scrollTo = ((options: ScrollToOptions) => (box.scrollTop = options.top!)) as typeof box.scrollTo;
  follower = new Follower(box, document.createElement('div'));
  follower.pin();
});
afterEach(() => {
  follower.dispose();
  vi.unstubAllGlobals();
});

const scrollTo = (top: number): void => {
  box.scrollTop = top;
  box.dispatchEvent(new Event('scroll'));
};
const grow = (by: number): void => {
  height += by;
  grown();
};

test('the end is followed', () => {
  grow(200);
  expect(box.scrollTop).toBe(600);
  expect(follower.isAway.value).toBe(false);
});

test('a wheel upwards lets go at once', () => {
  box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
  grow(200);
  expect(box.scrollTop).toBe(400);
  expect(follower.isAway.value).toBe(true);
});

test('a wheel downwards does not', () => {
  box.dispatchEvent(new WheelEvent('wheel', { deltaY: 5 }));
  grow(200);
  expect(box.scrollTop).toBe(600);
});

test.each(['PageUp', 'ArrowUp', 'Home'])('%s lets go', key => {
  box.dispatchEvent(new KeyboardEvent('keydown', { key }));
  grow(200);
  expect(box.scrollTop).toBe(400);
});

test('scrolling up lets go, and only the end brings back', () => {
  scrollTo(300);
  grow(50);
  expect(box.scrollTop).toBe(300);
  scrollTo(400);
  grow(50);
  expect(box.scrollTop).toBe(400);
  scrollTo(470);
  grow(50);
  expect(box.scrollTop).toBe(550);
});

test('text that becomes shorter is not a reader who scrolls', () => {
  height = 300;
  scrollTo(200);
  grow(300);
  expect(box.scrollTop).toBe(500);
});

test('"Latest" and sending go to the end', () => {
  box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
  grow(200);
  follower.pin();
  expect(box.scrollTop).toBe(600);
  expect(follower.isAway.value).toBe(false);
});

test('what fits is always at its end', () => {
  height = 90;
  box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
  grow(300);
  expect(box.scrollTop).toBe(290);
});
