import { englishWords, type MarkdownWords } from './markdown-words';

export type { MarkdownWords } from './markdown-words';

/** Markdown that grows, rendered into an element of which it owns everything. */
export class MarkdownView {
  readonly #root: HTMLElement;
  #text = '';

  constructor(root: HTMLElement, _words: MarkdownWords = englishWords) {
    this.#root = root;
  }

  /** Adds text; it stands on the page with the next frame. */
  append(text: string): void {
    this.#text += text;
    this.#root.textContent = this.#text;
  }

  /** Shows this text instead, at once. More may still be appended. */
  replace(text: string): void {
    this.#text = '';
    this.append(text);
  }

  /** No more comes: renders everything once more as a whole, at once. */
  finish(): void {}

  /** Lets go of timers and listeners; the element keeps what it shows. */
  dispose(): void {}
}
