import type { Token } from 'marked';

/** Keeps the headings of a text without a step left out: a model's own depths would leave holes in the outline of the page. */
export class Outline {
  // Which headings each block stands under, by the depths that were written; its own is the last.
  readonly #above: (readonly number[])[] = [];

  /** Gives a heading that is the block of that number its depth in the outline. The blocks before have been placed. */
  place(at: number, token: Token): void {
    const before = this.#above[at - 1] ?? [];
    this.#above[at] = before;
    if (token.type !== 'heading') return;
    const heading: Token & { written?: number } = token;
    const written = (heading.written ??= heading['depth'] as number);
    const own = [...before.filter(depth => depth < written), written];
    this.#above[at] = own;
    heading['depth'] = own.length;
  }
}
