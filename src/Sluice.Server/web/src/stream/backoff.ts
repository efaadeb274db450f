const least = 500;
const most = 10_000;

/** Pauses between tries: 0.5 s to 10 s, the range doubling from try to try, each at random within it, so that many pages do not come back at once. */
export class Backoff {
  readonly #random: () => number;
  #reach = least;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Milliseconds until the next try. */
  next(): number {
    this.#reach = Math.min(most, this.#reach * 2);
    return least + this.#random() * (this.#reach - least);
  }

  /** A connection was good: the next pause is a short one again. */
  reset(): void {
    this.#reach = least;
  }
}
