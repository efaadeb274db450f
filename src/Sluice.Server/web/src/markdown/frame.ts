// Milliseconds between two frames of a page that nobody sees: it gets none from the browser.
const hidden = 1_000;

/** Calls back once with the next frame, however often it was asked to; in a hidden page on a slow clock. */
export class Frame {
  readonly #draw: () => void;
  #request = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Asks for the next frame that comes after so many milliseconds. */
  ask(delay = 0): void {
    if (this.#request || this.#timer !== undefined) return;
    if (document.visibilityState === 'hidden') this.#wait(Math.max(delay, hidden), () => this.#run());
    else if (delay > 16) this.#wait(delay - 8, () => this.#next());
    else this.#next();
  }

  cancel(): void {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#timer);
    this.#request = 0;
    this.#timer = undefined;
  }

  #wait(delay: number, then: () => void): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      then();
    }, delay);
  }

  // A page that is hidden before its frame comes gets none: the clock is there for that, too.
  #next(): void {
    this.#request = requestAnimationFrame(() => this.#run());
    this.#wait(hidden, () => this.#run());
  }

  #run(): void {
    this.cancel();
    this.#draw();
  }
}
