// Milliseconds between two frames of a page that nobody sees: it gets none from the browser.
const hidden = 1_000;
// Milliseconds: what is due sooner comes with the browser's next frame.
const next = 16;

const asked = new Set<Frame>();

/**
 * Calls back once, soon, however often it was asked to: behind the browser's next frame, or later; in a hidden page on a slow clock. Always in a
 * task of its own: within a frame, drawing and the layout and painting of what was drawn would hold the page up in one go.
 */
export class Frame {
  readonly #draw: () => void;
  #request = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  get isAsked(): boolean {
    return asked.has(this);
  }

  /** Asks for a call after so many milliseconds. */
  ask(delay = 0): void {
    if (asked.has(this)) return;
    asked.add(this);
    const isHidden = document.visibilityState === 'hidden';
    if (!isHidden && delay <= next) this.#request = requestAnimationFrame(() => (this.#timer = setTimeout(() => this.#run())));
    else this.#timer = setTimeout(() => this.#run(), isHidden ? Math.max(delay, hidden) : delay);
  }

  cancel(): void {
    asked.delete(this);
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.cancel();
    this.#draw();
  }
}

// What waits for a frame when the page is hidden would wait until it is seen; what waits for the slow clock need not wait any longer then.
document.addEventListener('visibilitychange', () => {
  for (const frame of [...asked]) {
    frame.cancel();
    frame.ask();
  }
});
