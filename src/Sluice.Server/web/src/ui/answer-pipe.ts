import type { LiveAnswer } from '../stream/live-answer';

/** What shows a text that grows: see MarkdownView. */
export interface Sink {
  append(text: string): void;
  replace(text: string): void;
  finish(): void;
}

/** Leads one part of an answer to where it is shown: as it comes, and as it is kept. What is on the page already is never shown anew. */
export class AnswerPipe {
  readonly #sink: Sink;
  readonly #part: 'text' | 'reasoning';
  #live: LiveAnswer | null = null;
  #stop: (() => void) | null = null;
  // What is on the page; while `#live` has caught up with it that has the text.
  #shown = '';
  #isBehind = false;

  constructor(sink: Sink, part: 'text' | 'reasoning') {
    this.#sink = sink;
    this.#part = part;
  }

  /** Shows a text that is whole. */
  show(text: string): void {
    const before = this.#now;
    this.leave();
    this.#shown = text;
    if (text !== before) this.#sink.replace(text);
    this.#sink.finish();
  }

  /**
   * Shows a text as it comes.
   * @param stored what was kept of it so far: it is shown until more than that has come
   */
  follow(live: LiveAnswer, stored = ''): void {
    const before = this.#now;
    this.leave();
    this.#shown = before || stored;
    if (!before && stored) this.#sink.replace(stored);
    this.#isBehind = this.#shown !== '';
    this.#live = live;
    this.#stop = live.onText({
      text: delta => this.#part === 'text' && this.#add(delta),
      reasoning: delta => this.#part === 'reasoning' && this.#add(delta),
      replaced: (text, reasoning) => this.#replace(this.#part === 'text' ? text : reasoning),
    });
  }

  /** Follows nothing any more; what is shown stays. */
  leave(): void {
    this.#shown = this.#now;
    this.#stop?.();
    this.#stop = this.#live = null;
    this.#isBehind = false;
  }

  get #now(): string {
    return this.#live && !this.#isBehind ? this.#live[this.#part] : this.#shown;
  }

  #add(delta: string): void {
    if (!this.#isBehind) {
      this.#sink.append(delta);
      return;
    }
    const text = this.#live![this.#part];
    const isAsBefore = this.#shown.startsWith(delta, text.length - delta.length);
    if (text.length >= this.#shown.length || !isAsBefore) this.#take(text);
  }

  #replace(text: string): void {
    const isOnItsWay = this.#isBehind && text.length < this.#shown.length && this.#shown.startsWith(text);
    if (!isOnItsWay) this.#take(text);
  }

  #take(text: string): void {
    this.#isBehind = false;
    this.#sink.replace(text);
  }
}
