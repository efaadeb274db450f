/** What is said about an answer on its way. */
export interface AnnouncerWords {
  generating: string;
  stillGenerating: string;
}

/** Speaks to screen readers through one hidden element with `role="status"`. */
export class Announcer {
  constructor(_root: HTMLElement, _words: AnnouncerWords) {}

  /** An answer is on its way: says so, and again every 7 s until `end`. */
  begin(): void {}

  /** The answer has ended: says this, such as "Answer complete" with the whole text behind it, once. */
  end(_text: string): void {}

  /** Says something else, at once. */
  say(_text: string): void {}

  dispose(): void {}
}
