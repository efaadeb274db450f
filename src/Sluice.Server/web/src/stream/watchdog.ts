const heartbeats = 2.5;
const usual = 15_000;
const shortest = 4_000;
const longest = 300_000;

/**
 * Notices a connection on which nothing comes any more, not even the server's keep-alive comments. How often those come is learnt from the
 * silence before each; until one was seen, each false alarm doubles the guess.
 */
export class Watchdog {
  readonly #onStall: () => void;
  #heartbeat = usual;
  #isLearnt = false;
  #aliveAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onStall: () => void) {
    this.#onStall = onStall;
  }

  /** Milliseconds of silence that are one too many. */
  get limit(): number {
    return this.#heartbeat * heartbeats;
  }

  start(): void {
    this.#aliveAt = performance.now();
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Something has come. */
  alive(): void {
    this.#aliveAt = performance.now();
  }

  /** A comment has come: the silence before it was one heartbeat. Call it before `alive`. */
  comment(): void {
    const silence = performance.now() - this.#aliveAt;
    // Two that come bunched say nothing about the time between them.
    if (silence < shortest / 4) return;
    const heartbeat = Math.min(longest, Math.max(shortest, silence));
    this.#heartbeat = this.#isLearnt ? Math.max(heartbeat, this.#heartbeat * 0.75) : heartbeat;
    this.#isLearnt = true;
  }

  /** Looks at once, as after a sleep of the machine in which no timer ran. */
  check(): void {
    if (this.#timer === undefined) return;
    if (performance.now() - this.#aliveAt < this.limit) return;
    this.stop();
    if (!this.#isLearnt) this.#heartbeat = Math.min(longest, this.#heartbeat * 2);
    this.#onStall();
  }

  // One timer for the whole silence: what comes in between only moves the moment that it looks at.
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.check();
      if (this.#timer !== undefined) this.#arm();
    }, Math.max(1, this.#aliveAt + this.limit - performance.now()));
  }
}
