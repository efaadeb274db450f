import './markdown.css';
import type { Token } from 'marked';
import { Block } from './block';
import { copyCode } from './copy-code';
import { showable } from './fence';
import { Frame } from './frame';
import { Grammar, type Links } from './grammar';
import { Growth } from './growth';
import { englishWords, type MarkdownWords } from './markdown-words';
import { Outline } from './outline';

export type { MarkdownWords } from './markdown-words';

// Milliseconds of work in one go.
const slice = 8;
// Characters of a text that is shown at once, and the milliseconds that it may take: on a busy machine, too, it should not come in pieces.
const short = 4_000;
const sliceOfShort = 24;
// Milliseconds from one change to the next: of words that are only added, and of what is rendered anew. The latter rests so many times as long
// as it took, that the whole takes a small part of the time: 10,000 tokens at 100 a second have to do with a second of it.
const growthPause = 50;
const rest = 240;
const leastPause = 60;
const mostPause = 400;

/**
 * Markdown that grows, rendered into an element of which it owns everything.
 * 1. New text waits for the next frame. Plain words at the end of a paragraph are only added to its last text.
 * 2. Else the tail is read: what no more text can change; all blocks but the last are finished, and never touched again until the end.
 * 3. At the end the whole is read once more, and what looks different then is put right: a definition at the end of a text may make a link at its start.
 */
export class MarkdownView {
  readonly #root: HTMLElement;
  readonly #words: MarkdownWords;
  readonly #grammar: Grammar;
  readonly #frame = new Frame(() => this.#draw());
  readonly #stop = new AbortController();
  #blocks: Block[] = [];
  readonly #outline = new Outline();
  /** Blocks that are finished; one more may follow, which shows the tail. */
  #finished = 0;
  /** Tokens that are read but not shown yet, as a long text is shown in slices. */
  #queue: Token[] = [];
  /** The block that may still grow. */
  #last: Token | null = null;
  #text = '';
  #tail = '';
  #pending = '';
  #links: Links = {};
  #isFinal = false;
  /** The end has come, and the whole is being read once more. */
  #reading: Generator<void, Token[]> | null = null;
  #isDrawnAt = 0;
  #isRenderedAt = 0;
  #pause = 0;
  #growth: Growth | null = null;
  #settling: Promise<unknown>[] = [];
  #waiters: (() => void)[] = [];

  constructor(root: HTMLElement, words: MarkdownWords = englishWords) {
    this.#root = root;
    this.#words = words;
    this.#grammar = new Grammar(words);
    root.classList.add('markdown');
    root.replaceChildren();
    copyCode(root, words, this.#stop.signal);
  }

  /** Adds text; it stands on the page with the next frame, or one of the next. */
  append(text: string): void {
    if (!text) return;
    if (this.#isFinal) return this.replace(this.#text + text);
    this.#pending += text;
    if (!this.#frame.isAsked) this.#frame.ask(this.#isDrawnAt + (this.#growth?.takes(text) ? growthPause : this.#pause) - performance.now());
  }

  /** Shows this text instead, at once as far as it is short. More may still be appended. */
  replace(text: string): void {
    for (const block of this.#blocks) for (const node of block.nodes) node.remove();
    this.#blocks = [];
    this.#queue = [];
    this.#finished = 0;
    this.#text = this.#tail = '';
    this.#pending = text;
    this.#links = {};
    this.#isFinal = false;
    this.#reading = null;
    this.#growth = null;
    this.#pause = 0;
    this.#draw(true);
  }

  /** No more comes: shows the rest at once, as far as it is short, and reads everything once more as a whole; a long text soon after. */
  finish(): void {
    if (this.#isFinal) return;
    this.#reading = this.#grammar.reading(this.#text + this.#pending, {});
    const isShort = this.#isShort;
    if (!isShort) this.#draw(true);
    this.#isFinal = true;
    if (isShort) this.#draw(true);
  }

  /** Resolves when everything stands as it will stay, colours and formulas too. */
  async settled(): Promise<void> {
    if (this.#isBusy) await new Promise<void>(resolve => this.#waiters.push(resolve));
    await Promise.all(this.#settling);
  }

  /** Lets go of timers and listeners; the element keeps what it shows. */
  dispose(): void {
    this.#frame.cancel();
    this.#stop.abort();
  }

  get #isBusy(): boolean {
    return this.#pending !== '' || this.#queue.length > 0 || this.#reading !== null;
  }

  get #isShort(): boolean {
    return this.#text.length + this.#pending.length <= short;
  }

  #draw(isNow = false): void {
    this.#frame.cancel();
    const began = performance.now();
    if (this.#isFinal || this.#queue.length > 0 || !this.#grow()) {
      // It was asked for early, for words that could have been added.
      if (!isNow && !this.#reading && this.#queue.length === 0 && began < this.#isRenderedAt + this.#pause) return this.#frame.ask(this.#isRenderedAt + this.#pause - began);
      this.#work(began, began + (isNow && this.#isShort ? sliceOfShort : slice));
      this.#isRenderedAt = performance.now();
    }
    this.#isDrawnAt = performance.now();
    if (this.#isBusy) return this.#frame.ask(this.#queue.length > 0 || this.#reading ? 0 : this.#pause);
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  // The way of most frames: words are added to the last text.
  #grow(): boolean {
    if (!this.#growth?.takes(this.#pending)) return false;
    this.#growth.add(this.#pending);
    this.#takePending();
    return true;
  }

  #work(began: number, end: number): void {
    if (this.#isFinal && this.#reading && !this.#readAll(this.#reading, end)) return;
    if (this.#queue.length === 0 && !this.#isFinal) this.#readTail();
    while (this.#queue.length > 0) {
      this.#finishBlock(this.#queue.shift()!);
      if (performance.now() > end) break;
    }
    if (this.#queue.length > 0) return;
    if (this.#isFinal) this.#cut(this.#finished);
    else this.#showTail();
    this.#pause = Math.min(mostPause, Math.max(leastPause, (performance.now() - began) * rest));
  }

  #takePending(): void {
    this.#text += this.#pending;
    this.#tail += this.#pending;
    this.#pending = '';
  }

  // Everything but the last block is finished, and no part of the tail any more.
  #readTail(): void {
    this.#takePending();
    if (this.#tail.includes('\r')) this.#tail = this.#tail.replace(/\r\n|\r(?!$)/g, '\n');
    // A definition counts once it is finished itself: before, it may be half an address.
    const tokens = this.#grammar.lex(showable(this.#tail), { ...this.#links });
    const last = Math.max(0, tokens.findLastIndex(token => token.type !== 'space'));
    this.#last = tokens[last] ?? null;
    for (const token of tokens.slice(0, last)) {
      if (!this.#tail.startsWith(token.raw)) throw new Error('A block does not stand where its text is.');
      this.#tail = this.#tail.slice(token.raw.length);
      if (token.type === 'def') this.#links[token['tag'] as string] ??= { href: token['href'] as string, title: token['title'] as string };
      else if (token.type !== 'space') this.#queue.push(token);
    }
  }

  // Reads on in the whole; false if there is more of it than can be read in one go.
  #readAll(reading: Generator<void, Token[]>, end: number): boolean {
    let step = reading.next();
    while (!step.done && performance.now() < end) step = reading.next();
    if (!step.done) return false;
    this.#takePending();
    this.#reading = this.#growth = null;
    this.#finished = 0;
    this.#queue = step.value.filter(token => token.type !== 'space' && token.type !== 'def');
    return true;
  }

  #showTail(): void {
    this.#growth = null;
    const token = this.#last;
    if (!token || token.type === 'space' || token.type === 'def') return this.#cut(this.#finished);
    this.#place(this.#finished, token);
    this.#cut(this.#finished + 1);
    if (showable(this.#tail) === this.#tail) this.#growth = Growth.at(token, this.#tail, this.#blocks[this.#finished]!.nodes);
  }

  #finishBlock(token: Token): void {
    this.#place(this.#finished, token);
    this.#settling.push(this.#blocks[this.#finished]!.settle());
    this.#finished++;
  }

  #place(at: number, token: Token): void {
    this.#outline.place(at, token);
    const block = (this.#blocks[at] ??= new Block(this.#grammar, this.#words));
    const old = block.nodes;
    if (!block.show(token)) return;
    const next = this.#blocks.slice(at + 1).find(later => later.nodes.length > 0)?.nodes[0] ?? null;
    for (const node of old) node.remove();
    for (const node of block.nodes) this.#root.insertBefore(node, next);
  }

  // Leaves so many blocks.
  #cut(count: number): void {
    for (const block of this.#blocks.splice(count)) for (const node of block.nodes) node.remove();
  }
}
