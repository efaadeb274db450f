import { type Signal, signal } from '@preact/signals';
import type { Message } from '../api/types';
import type { AskRequest, LiveAnswer, Problem } from '../stream/live-answer';

const local = 'local-';
let last = 0;

/** A name for a message that the server has not named. */
export const localId = (): string => `${local}${++last}`;

/** One message on this page. It stays the same object when the server names it, when its answer ends, and when it is read again. */
export class Entry {
  /** Distinguishes it on this page, for good; the message's id changes when the server names it. */
  readonly key = `e${++last}`;
  readonly message: Signal<Message>;
  /** The answer while it is on its way. Its text is there, not in the message. */
  readonly live = signal<LiveAnswer | null>(null);
  /** Why its answer ended badly, where this page saw it; it knows more than what is kept. */
  readonly problem = signal<Problem | null>(null);
  /** How many times the connection broke while this page followed it. */
  readonly cuts = signal(0);
  /** Whether what had been written was void once. */
  readonly wasReset = signal(false);
  /** How a question was sent, as long as nobody knows whether it arrived: sent the same way again it is still asked once. */
  sent: { key: string; request: AskRequest } | null = null;
  /** Whether the stop was asked for on this page. */
  isStoppedHere = false;

  constructor(message: Message) {
    this.message = signal(message);
  }

  /** Whether the server has it. */
  get isStored(): boolean {
    return !this.message.value.id.startsWith(local);
  }
}
