import type { Token, Tokens } from 'marked';
import { CodeBlock } from './code-block';
import { decorate, type Unfinished } from './decorate';
import { isOpenFence } from './fence';
import type { Grammar } from './grammar';
import { Lazy } from './lazy';
import type { MarkdownWords } from './markdown-words';
import { sanitize } from './sanitizer';
import { inTurn } from './turns';

const highlighter = new Lazy(() => import('./highlighter'));

/** One block of a text, with the nodes that show it. */
export class Block {
  readonly #grammar: Grammar;
  readonly #words: MarkdownWords;
  #key = '';
  #code: CodeBlock | null = null;
  #unfinished: Unfinished = { code: [], math: [] };
  #settled: Promise<unknown> | null = null;
  nodes: ChildNode[] = [];

  constructor(grammar: Grammar, words: MarkdownWords) {
    this.#grammar = grammar;
    this.#words = words;
  }

  /** Shows this token; false if the same nodes still do. New nodes are not in the page yet. */
  show(token: Token): boolean {
    return token.type === 'code' ? this.#showCode(token as Tokens.Code) : this.#showOther(token);
  }

  /** Nothing comes any more: code gets its colours and formulas their shape, once. Resolves when that is done. */
  settle(): Promise<unknown> {
    const { code, math } = this.#unfinished;
    return (this.#settled ??= Promise.all([...code.map(block => this.#colour(block)), ...math.map(node => node.draw())]));
  }

  // Code is no HTML: it needs none of the ways by which that is made safe, and one that grows keeps its nodes.
  #showCode(token: Tokens.Code): boolean {
    const isOpen = isOpenFence(token.raw);
    const key = `code\n${token.lang ?? ''}`;
    if (this.#code && this.#key === key) {
      if (this.#code.text !== token.text) {
        this.#code.show(token.text);
        this.#settled = null;
      }
      if (!isOpen) void this.settle();
      return false;
    }
    this.#key = key;
    this.#code = new CodeBlock(token.lang ?? '', token.text, this.#words);
    this.#take([this.#code.root], { code: [this.#code], math: [] });
    if (!isOpen) void this.settle();
    return true;
  }

  #showOther(token: Token): boolean {
    const { html, key, slots } = this.#grammar.render(token);
    if (!this.#code && this.#key === key) return false;
    this.#key = key;
    this.#code = null;
    const content = sanitize(html);
    const unfinished = decorate(content, slots, this.#words);
    this.#take([...content.childNodes], unfinished);
    // What was drawn before costs nothing; the first one fetches what draws.
    for (const node of unfinished.math) void node.draw();
    return true;
  }

  #take(nodes: ChildNode[], unfinished: Unfinished): void {
    this.nodes = nodes;
    this.#unfinished = unfinished;
    this.#settled = null;
  }

  async #colour(code: CodeBlock): Promise<void> {
    if (!code.language || !code.text) return;
    const engine = await highlighter.get();
    await inTurn(() => {
      const coloured = code.root.isConnected && engine?.highlight(code.text, code.language);
      if (coloured) code.colour(coloured);
    });
  }
}
