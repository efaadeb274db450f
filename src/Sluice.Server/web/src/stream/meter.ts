import type { Figures } from './figures';
import type { EndEvent } from './stream-event';

// Milliseconds: below that the speed of the network is all that a rate would tell.
const shortest = 50;

/** Counts an answer's events and their time. */
export class Meter {
  readonly #isAsked: boolean;
  readonly #beganAt = performance.now();
  #firstAt = 0;
  #lastAt = 0;
  #events = 0;

  /** @param isAsked Whether this page asked. What was asked elsewhere came in part before, so its times are not known. */
  constructor(isAsked: boolean) {
    this.#isAsked = isAsked;
  }

  /** An event with a piece of text has come. */
  count(): void {
    this.#lastAt = performance.now();
    this.#firstAt ||= this.#lastAt;
    this.#events++;
  }

  /** Everything so far, of an answer by this model that may have ended. */
  figures(model: string, end: EndEvent | null): Figures {
    const whole = end?.type === 'end' ? end : null;
    const tokens = whole?.usage?.completion_tokens ?? null;
    const between = this.#isAsked ? this.#lastAt - this.#firstAt : 0;
    const counted = tokens ?? this.#events;
    return {
      model,
      ttftMs: this.#isAsked && this.#firstAt ? this.#firstAt - this.#beganAt : (whole?.ttft_ms ?? null),
      tokens,
      tokensPerSecond: between > shortest ? (counted * 1000) / between : null,
      elapsedMs: (end ? Math.max(this.#lastAt, this.#beganAt) : performance.now()) - this.#beganAt,
      attempts: whole?.attempts ?? null,
      finishReason: whole?.finish_reason ?? null,
    };
  }
}
