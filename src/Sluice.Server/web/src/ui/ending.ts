// How an answer ended, in words. What was seen on this page and what was read from the server come to the same.
import type { Message } from '../api/types';
import type { AnswerState, Problem } from '../stream/live-answer';
import { words } from '../words';

/** A box that says what went wrong and what can be done. */
export interface Trouble {
  what: string;
  message: string;
  advice: string;
  code: string;
  /** Whether the answer is out of reach rather than over: look again instead of asking again. */
  isLost: boolean;
}

/** What was seen of the end on this page; nothing of it is known after a reload. */
export interface Seen {
  problem: Problem | null;
  isStoppedHere: boolean;
  /** Whether the server has the question. */
  isStored: boolean;
}

const names = (message: Message): string =>
  [...new Set((message.tool_calls ?? []).map(call => call.function?.name).filter(Boolean))].join(', ');

/** The words beside an answer that has ended; empty for one that is simply there. */
export function endingOf(message: Message, { problem, isStoppedHere }: Seen): string {
  if (message.state === 'cancelled') {
    if (problem?.code === 'stop_unconfirmed') return words.stoppedUnsure;
    return isStoppedHere ? words.stopped : words.cancelled;
  }
  // A box says what and why.
  if (message.state === 'failed') return '';
  const tools = names(message);
  const notes: string[] = [];
  if (message.finish_reason === 'length') notes.push(words.cutShort);
  if (message.finish_reason === 'content_filter') notes.push(words.filtered);
  if (tools) notes.push(words.tools(tools));
  else if (!message.content) notes.push(words.nothing);
  return notes.join(' ');
}

/** Whether an answer is to be marked as not whole. */
export const isPartial = (message: Message): boolean =>
  message.state !== 'running' && message.content !== '' && (message.partial === true || message.finish_reason === 'length' || message.finish_reason === 'content_filter');

/** What to say of an answer that went wrong; null where nothing did. `state` is that of an answer which this page still follows. */
export function troubleOf(message: Message, seen: Seen, state: AnswerState | null, isOnline = navigator.onLine): Trouble | null {
  const code = seen.problem?.code ?? message.error?.code ?? '';
  const said = seen.problem?.message ?? message.error?.message ?? '';
  const trouble = (what: string, text: string, advice = '', isLost = false): Trouble => ({ what, message: text, advice, code, isLost });
  if (state === 'cut') {
    if (code === 'stream_lost') return trouble(message.content ? words.whatPartial : words.whatLost, words.messageGone, '', true);
    if (!seen.isStored) return trouble(words.whatUnreachable, isOnline ? words.messageUnreachable : words.messageOffline, words.adviceKept);
    return trouble(words.whatLost, words.messageLost, '', true);
  }
  if (message.state !== 'failed') return null;
  const what = message.content ? words.whatPartial : words.whatNone;
  if (code === 'invalid_api_key') return trouble(words.whatRefused, words.messageSignIn, words.adviceKept);
  if (code === 'busy') return trouble(words.whatRefused, said || words.messageBusy, words.adviceKept);
  if (code === 'unreachable' || code === 'connection_lost') return trouble(words.whatUnreachable, isOnline ? words.messageUnreachable : words.messageOffline, seen.isStored ? '' : words.adviceKept);
  if (code === 'interrupted') return trouble(what, words.messageInterrupted);
  if (code === 'stream_lost') return trouble(what, words.messageGone);
  if (seen.problem?.refused) return trouble(words.whatRefused, said || words.messageRefused, words.adviceKept);
  return trouble(what, said, seen.problem && !seen.problem.retryable ? words.adviceFinal : '');
}
