// Milliseconds between two reminders that an answer is still on its way.
const reminder = 7_000;

/** What is said about an answer on its way. */
export interface AnnouncerWords {
  generating: string;
  stillGenerating: string;
}

/** Speaks to screen readers through one hidden element with `role="status"`: how it stands, never the text word by word. */
export class Announcer {
  readonly #root: HTMLElement;
  readonly #words: AnnouncerWords;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(root: HTMLElement, words: AnnouncerWords) {
    this.#root = root;
    this.#words = words;
  }

  /** An answer is on its way: says so, and again every 7 s until `end`. */
  begin(): void {
    if (this.#timer !== undefined) return;
    this.say(this.#words.generating);
    this.#timer = setInterval(() => this.say(this.#words.stillGenerating), reminder);
  }

  /** The answer has ended: says this, such as "Answer complete" with the whole text behind it, once. */
  end(text: string): void {
    this.#quiet();
    this.say(text);
  }

  /** Says something else, at once. */
  say(text: string): void {
    // The same words twice in a row would not be read out again.
    this.#root.textContent = this.#root.textContent === text ? `${text}\u00a0` : text;
  }

  /** Says nothing more. */
  dispose(): void {
    this.#quiet();
  }

  #quiet(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
