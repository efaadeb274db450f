import { element } from './elements';
import type { MarkdownWords } from './markdown-words';

/** A block of code: its language, a button that copies it (see `copyCode`), and the code in a box that scrolls and can be reached by the keyboard. */
export class CodeBlock {
  readonly root: HTMLElement;
  readonly language: string;
  readonly #code: HTMLElement;
  readonly #text: Text;

  /** @param info What stands behind the fence; its first word names the language. */
  constructor(info: string, text: string, words: MarkdownWords) {
    // Only what may be the name of a language: the rest of the line may hold anything.
    this.language = /^[\w+#.-]{1,24}/.exec(info)?.[0].toLowerCase() ?? '';
    this.#text = new Text(text);
    this.#code = element('code', '', {}, this.#text);
    const head = element('div', 'code-head', {}, element('span', 'code-language', {}, this.language));
    // Without a secure context (plain http from another machine) there is no clipboard.
    if (navigator.clipboard) head.append(element('button', 'code-copy', { type: 'button', 'aria-label': words.copy, title: words.copy }));
    this.root = element('div', 'code-block', {}, head, element('pre', '', { tabindex: '0', role: 'group', 'aria-label': words.code(this.language) }, this.#code));
  }

  /** Shows this text, plain. What only grew is only added to. */
  show(text: string): void {
    if (!this.#text.isConnected && this.#code.isConnected) this.#code.replaceChildren(this.#text);
    const shown = this.#text.data;
    if (text.startsWith(shown)) this.#text.appendData(text.slice(shown.length));
    else this.#text.data = text;
  }

  get text(): string {
    return this.#text.data;
  }

  /** Shows the same text in colours. */
  colour(coloured: DocumentFragment): void {
    this.#code.replaceChildren(coloured);
  }
}
