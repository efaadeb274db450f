// From the moment an answer is asked for or found running, to its end and what is kept of it.
import { batch, effect, untracked } from '@preact/signals';
import { session } from '../api/request';
import type { Message, MessageState } from '../api/types';
import { type AnswerState, LiveAnswer } from '../stream/live-answer';
import { tell } from './channel';
import { drafts } from './drafts';
import type { Entry } from './entry';
import { note } from './list';
import { reread } from './reading-threads';
import { addRunning, removeRunning } from './running';
import type { Thread } from './thread';
import { withWhatArrived } from './what-arrived';

/** What the page itself can say of an answer that has ended; the server says the same when it is read again. */
export function endedMessage(before: Message, live: LiveAnswer, state: MessageState): Message {
  const figures = live.figures.value;
  const problem = live.problem.value;
  return {
    ...before,
    state,
    content: live.text,
    reasoning: live.reasoning,
    partial: state !== 'done',
    model: figures.model || (before.model ?? null),
    finish_reason: figures.finishReason,
    error: state === 'failed' && problem ? { code: problem.code, message: problem.message ?? null } : null,
    usage: figures.tokens === null ? null : { completion_tokens: figures.tokens },
    ttft_ms: figures.ttftMs,
    duration_ms: figures.elapsedMs,
    attempts: figures.attempts,
    tool_calls: live.tools.value,
  };
}

/** Follows an answer to its end, whatever the page shows meanwhile. */
export function follow(thread: Thread, entry: Entry, live: LiveAnswer): void {
  let before: AnswerState = 'connecting';
  let hasEnded = false;
  entry.live.value = live;
  entry.problem.value = null;
  addRunning({ thread, entry });

  const onState = (state: AnswerState): void => {
    if (state === 'reconnecting' && before !== 'reconnecting') entry.cuts.value++;
    before = state;
    if (state === 'cut') {
      if (!entry.isStored) drafts.returned(thread.id.value);
      void findOut(thread, entry, live);
    }
    if (state !== 'done' && state !== 'failed' && state !== 'cancelled') return;
    hasEnded = true;
    // What was asked is kept, and comes back after signing in.
    if (live.problem.value?.code === 'invalid_api_key') session.ended();
    end(thread, entry, endedMessage(entry.message.value, live, state), live);
  };
  const stops = [
    effect(() => {
      if (live.note.value === 'reset') entry.wasReset.value = true;
    }),
    effect(() => {
      const state = live.state.value;
      const isMine = entry.live.value === live;
      if (isMine && !hasEnded) untracked(() => onState(state));
      // Not from within: the effect may be running for the first time, before there is anything to stop it by.
      if (hasEnded || !isMine) queueMicrotask(() => stops.forEach(stop => stop()));
    }),
  ];
}

/** Follows those answers of a conversation that are running and not followed yet. */
export function followRunning(thread: Thread): void {
  for (const entry of thread.entries.value) {
    const { state, stream_id: stream } = entry.message.value;
    if (state === 'running' && stream && !entry.live.value) follow(thread, entry, LiveAnswer.follow(stream));
  }
}

function end(thread: Thread, entry: Entry, message: Message, live: LiveAnswer): void {
  batch(() => {
    entry.problem.value = live.problem.value;
    entry.message.value = message;
    entry.live.value = null;
  });
  removeRunning(entry);
  if (!entry.isStored) drafts.returned(thread.id.value);
  if (!thread.id.value) return;
  note(thread.id.value, { running: false });
  tell({ kind: 'changed', id: thread.id.value });
}

/** The stream is out of reach: what the server has stored is the truth, if it can be had. */
export async function findOut(thread: Thread, entry: Entry, live: LiveAnswer): Promise<void> {
  const { id } = entry.message.value;
  const stored = entry.isStored ? (await reread(thread))?.messages.find(message => message.id === id) : undefined;
  if (!stored || entry.live.value !== live || live.state.value !== 'cut') return;
  if (stored.state !== 'running') {
    live.detach();
    end(thread, entry, withWhatArrived(stored, live.text), live);
    entry.problem.value = null;
  } else if (stored.stream_id && live.problem.value?.code !== 'stream_lost') {
    live.detach();
    follow(thread, entry, LiveAnswer.follow(stored.stream_id));
  }
}
