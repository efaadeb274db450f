import type { Token } from 'marked';

/** Keeps the headings of a text without a step left out: a model's own depths would leave holes in the outline of the page. */
export class Outline {
  // How deep the last heading up to each block is; 0 for none.
  readonly #depths: number[] = [];

  /** Makes a heading that is the block of that number at most one step deeper than the one before it. The blocks before have been placed. */
  place(at: number, token: Token): void {
    const above = this.#depths[at - 1] ?? 0;
    if (token.type === 'heading') token['depth'] = Math.min(token['depth'] as number, above + 1);
    this.#depths[at] = token.type === 'heading' ? (token['depth'] as number) : above;
  }
}
