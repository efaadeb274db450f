import { type ReadonlySignal, signal } from '@preact/signals';

// Pixels from the end within which one is at the end.
const near = 32;
// The part of the box that a page is.
const page = 0.85;
const upward = new Set(['PageUp', 'ArrowUp', 'Home']);

/**
 * Follows the end of a scrolling box until its reader scrolls up, and from then on leaves it alone until they are back at the end.
 * Sets `overflow-anchor: none` on the box: the browser must not hold on to what this moves.
 */
export class Follower {
  readonly #box: HTMLElement;
  readonly #isAway = signal(false);
  readonly #stop = new AbortController();
  readonly #observer = new ResizeObserver(() => this.#follow());
  #isPinned = true;
  #top = 0;
  #height = 0;
  #touchY = 0;

  /** Whether there is something below that is not followed: show "Latest". */
  readonly isAway: ReadonlySignal<boolean> = this.#isAway;

  /** @param box What scrolls. @param content What grows in it. */
  constructor(box: HTMLElement, content: HTMLElement) {
    this.#box = box;
    box.style.overflowAnchor = 'none';
    this.#observer.observe(content);
    this.#observer.observe(box);
    const options = { passive: true, signal: this.#stop.signal };
    box.addEventListener('wheel', e => e.deltaY < 0 && !isTakenWithin(e.target, box) && this.#release(), options);
    box.addEventListener('touchstart', e => (this.#touchY = e.touches[0]?.clientY ?? 0), options);
    box.addEventListener('touchmove', e => (e.touches[0]?.clientY ?? 0) > this.#touchY && this.#release(), options);
    box.addEventListener('keydown', e => (upward.has(e.key) || (e.key === ' ' && e.shiftKey)) && this.#release(), options);
    box.addEventListener('scroll', () => this.#onScroll(), options);
  }

  /** Goes to the end and stays there: something was sent, or "Latest" was pressed. */
  pin(): void {
    this.#isPinned = true;
    this.#follow();
  }

  /** Scrolls by a page, for keys that are pressed in the composer: -1 up, 1 down. */
  page(direction: -1 | 1): void {
    if (direction < 0) this.#release();
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#box.scrollBy({ top: direction * this.#box.clientHeight * page, behavior: isStill ? 'instant' : 'smooth' });
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#stop.abort();
  }

  get #distance(): number {
    return this.#box.scrollHeight - this.#box.clientHeight - this.#box.scrollTop;
  }

  #release(): void {
    if (this.#box.scrollHeight <= this.#box.clientHeight) return;
    this.#isPinned = false;
    this.#show();
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight } = this.#box;
    // Text that became shorter moves the view up by itself; only a reader moves it up over the same text.
    if (scrollTop < this.#top - 1 && scrollHeight >= this.#height) this.#isPinned = false;
    else if (scrollTop > this.#top && this.#distance <= near) this.#isPinned = true;
    this.#top = scrollTop;
    this.#height = scrollHeight;
    this.#show();
  }

  // Always in one step: a smooth way would never arrive while text comes.
  #follow(): void {
    if (this.#isPinned) this.#box.scrollTo({ top: this.#box.scrollHeight, behavior: 'instant' });
    this.#top = this.#box.scrollTop;
    this.#height = this.#box.scrollHeight;
    this.#show();
  }

  #show(): void {
    this.#isAway.value = !this.#isPinned && this.#distance > 1;
  }
}

// A wheel over code or a table that scrolls up in itself does not move the box.
function isTakenWithin(target: EventTarget | null, box: HTMLElement): boolean {
  for (let at = target instanceof Element ? target : null; at && at !== box; at = at.parentElement) {
    if (at.scrollTop > 0 && at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return true;
  }
  return false;
}
