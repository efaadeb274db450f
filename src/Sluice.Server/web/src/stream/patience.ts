/** Waits for so long, counting only the time in which the page is seen. */
export class Patience {
  readonly #onOver: () => void;
  #limit = 0;
  #spent = 0;
  #since = 0;
  #isOn = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #turn = (): void => this.#arm();

  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** Begins to count, in milliseconds; while it counts already, only the limit changes. */
  start(limit: number): void {
    this.#limit = limit;
    if (!this.#isOn) document.addEventListener('visibilitychange', this.#turn);
    this.#isOn = true;
    this.#arm();
  }

  /** Milliseconds that are left. */
  get left(): number {
    const now = this.#timer === undefined ? 0 : performance.now() - this.#since;
    return Math.max(0, this.#limit - this.#spent - now);
  }

  /** Counts no longer, but keeps what was spent: what follows may be the same trouble still. */
  stop(): void {
    this.#settle();
    if (this.#isOn) document.removeEventListener('visibilitychange', this.#turn);
    this.#isOn = false;
  }

  /** The trouble is over: the next one has the whole time again. */
  reset(): void {
    this.stop();
    this.#spent = 0;
  }

  #settle(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spent += performance.now() - this.#since;
  }

  #arm(): void {
    this.#settle();
    if (document.visibilityState === 'hidden') return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => {
      this.stop();
      this.#onOver();
    }, Math.max(0, this.#limit - this.#spent));
  }
}
