import { type ReadonlySignal, signal } from '@preact/signals';
import type { AnswerNote, AnswerState } from './answer-state';
import type { Asked, AskRequest } from './ask-request';
import { type Figures, noFigures } from './figures';
import type { Problem } from './problem';
import type { ToolCall } from './tool-call';

export type { AnswerNote, AnswerState } from './answer-state';
export type { Asked, AskRequest, Turn } from './ask-request';
export type { Figures } from './figures';
export type { Problem } from './problem';
export type { ToolCall } from './tool-call';

/** Hears an answer's text as it comes. */
export interface TextListener {
  text(delta: string): void;
  reasoning(delta: string): void;
  /** All of it stands anew: what was shown before is void. */
  replaced(text: string, reasoning: string): void;
}

/** One answer that is on its way: its text, and where it stands. It lives until its end or `detach`, whether anyone looks or not. */
export class LiveAnswer {
  readonly state: ReadonlySignal<AnswerState> = signal<AnswerState>('connecting');
  /** Changes at most twice a second. */
  readonly figures: ReadonlySignal<Figures> = signal(noFigures);
  readonly problem: ReadonlySignal<Problem | null> = signal<Problem | null>(null);
  readonly note: ReadonlySignal<AnswerNote | null> = signal<AnswerNote | null>(null);
  /** Characters of answer and reasoning that stay while the connection is made anew. */
  readonly kept: ReadonlySignal<number> = signal(0);
  /** Merged by index. */
  readonly tools: ReadonlySignal<ToolCall[]> = signal<ToolCall[]>([]);

  get text(): string {
    return '';
  }

  get reasoning(): string {
    return '';
  }

  /** Empty until the server has named it. */
  get streamId(): string {
    return '';
  }

  private constructor() {}

  /** Asks. However often the connection breaks, the question is asked once. `asked` is called once, as soon as the server has taken it. */
  static ask(_request: AskRequest, _on: { asked(ids: Asked): void }): LiveAnswer {
    return new LiveAnswer();
  }

  /** Follows an answer that was asked for elsewhere or before, from its start. Tabs of one browser share one connection. */
  static follow(_streamId: string): LiveAnswer {
    return new LiveAnswer();
  }

  /** Tells `listener` all there is at once (as `replaced`, unless there is nothing), then what comes, until the returned function is called. */
  onText(_listener: TextListener): () => void {
    return () => {};
  }

  /** Has the server stop. Its last word is waited for 2 s; then the state is `cancelled` with the problem `stop_unconfirmed`. */
  cancel(): void {}

  /** The demonstration: cuts the connection. Everything then happens as in a real cut. */
  drop(): void {}

  /** Ends the connection from this side; the answer goes on at the server. The state stays as it is. */
  detach(): void {}
}
