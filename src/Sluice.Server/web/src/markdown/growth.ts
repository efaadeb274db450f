import type { Token } from 'marked';

// Letters, digits, single spaces and commas: whatever stands before them, at the end of words they begin and end nothing.
const plain = /^[\p{L}\p{N}, ]*[\p{L}\p{N},]$/u;
const end = /[\p{L}\p{N},]$/u;
const kinds = new Set(['paragraph', 'list', 'heading', 'blockquote']);

/** The place where plain words can be added to a block without reading it anew. */
export class Growth {
  readonly #text: Text;

  private constructor(text: Text) {
    this.#text = text;
  }

  /** The place at the end of a block; null where there is none: in a link an address would grow, too. */
  static at(token: Token, raw: string, nodes: readonly ChildNode[]): Growth | null {
    if (!kinds.has(token.type) || !end.test(raw)) return null;
    let node: ChildNode | null = nodes.findLast(one => one.nodeType === Node.ELEMENT_NODE || one.textContent?.trim()) ?? null;
    while (node && node.nodeType === Node.ELEMENT_NODE) node = lastOf(node);
    if (!(node instanceof Text) || node.parentElement?.closest('a, code, .code-block, .math, .math-display, .table-box')) return null;
    // The end of the text must be what stands there: not what follows a mark that is no text.
    return node.data.length > 0 && raw.endsWith(node.data.slice(-8).trimStart().split('\n').at(-1)!) ? new Growth(node) : null;
  }

  /** Whether this can be added so. */
  takes(text: string): boolean {
    return plain.test(text) && !text.includes('  ');
  }

  add(text: string): void {
    this.#text.appendData(text);
  }
}

// Line ends between elements are no text.
function lastOf(node: ChildNode): ChildNode | null {
  let last = node.lastChild;
  while (last instanceof Text && last.data.trim() === '') last = last.previousSibling;
  return last;
}
