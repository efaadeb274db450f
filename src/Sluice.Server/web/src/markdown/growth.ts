import type { Token } from 'marked';

// Words, and signs that between words begin and end nothing: whatever stands before them, they are only added.
const plain = /^(?: ?[\p{L}\p{N}.,;:?!'"()%\-‐-―‘-”…、。「」《》，：；？！（）])+$/u;
const end = /[\p{L}\p{N}.,;:?!'"(%‐-―‘-”…、。「」《》，：；？！（）]$/u;
// Words that may become an address or a sign.
const special = /(?:^|[^\p{L}\p{N}])(?:www|https?|ftp)|[@&\\<]/iu;
const kinds = new Set(['paragraph', 'list', 'heading', 'blockquote']);

/** The place where plain words can be added to a block without reading it anew. */
export class Growth {
  readonly #text: Text;
  readonly #isInBrackets: boolean;
  #word: string;

  private constructor(text: Text, raw: string) {
    this.#text = text;
    // Only a link gives a closing bracket a meaning.
    this.#isInBrackets = raw.includes('[');
    this.#word = lastWord(raw);
  }

  /** The place at the end of a block; null where there is none: in a link an address would grow, too. */
  static at(token: Token, raw: string, nodes: readonly ChildNode[]): Growth | null {
    if (!kinds.has(token.type) || !end.test(raw)) return null;
    let node: ChildNode | null = nodes.findLast(one => one.nodeType === Node.ELEMENT_NODE || one.textContent?.trim()) ?? null;
    while (node && node.nodeType === Node.ELEMENT_NODE) node = lastOf(node);
    if (!(node instanceof Text) || node.parentElement?.closest('a, code, .code-block, .math, .math-display, .table-box')) return null;
    // The end of the text must be what stands there: not what follows a mark that is no text.
    return node.data.length > 0 && raw.endsWith(node.data.slice(-8).trimStart().split('\n').at(-1)!) ? new Growth(node, raw) : null;
  }

  /** Whether this can be added so. */
  takes(text: string): boolean {
    return plain.test(text) && !(this.#isInBrackets && /[()]/.test(text)) && !special.test(this.#word + text);
  }

  add(text: string): void {
    this.#text.appendData(text);
    this.#word = lastWord(this.#word + text);
  }
}

const lastWord = (text: string): string => text.slice(Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n')) + 1);

// Line ends between elements are no text.
function lastOf(node: ChildNode): ChildNode | null {
  let last = node.lastChild;
  while (last instanceof Text && last.data.trim() === '') last = last.previousSibling;
  return last;
}
