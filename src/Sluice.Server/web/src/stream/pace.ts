// Reads a second from which on a stream is a fast one, and the pause in milliseconds that each read of such a one is given. Where every token
// is read by itself, reading alone takes half of the page's time.
const fast = 20;
const pause = 50;

/** Lets what comes in many small pieces come in fewer larger ones: waits a moment between the reads of a fast stream. */
export class Pace {
  #since = 0;
  #reads = 0;
  #isFast = false;

  /** Resolves when the next read is due; at once in a hidden page, whose clock is slow. */
  next(): Promise<void> | undefined {
    const now = performance.now();
    if (now - this.#since > 1_000) {
      this.#isFast = this.#reads > fast;
      this.#since = now;
      this.#reads = 0;
    }
    this.#reads++;
    if ((!this.#isFast && this.#reads <= fast) || document.visibilityState === 'hidden') return undefined;
    return new Promise(resolve => setTimeout(resolve, pause));
  }
}
