// Asking, asking again, and asking something else in the same place. What was asked and answered before stays as another branch.
import type { Message, Role } from '../api/types';
import { type Asked, type AskRequest, LiveAnswer, type Turn } from '../stream/live-answer';
import { newKey } from '../stream/question';
import { tell } from './channel';
import { drafts } from './drafts';
import { Entry, localId } from './entry';
import { follow } from './following';
import { known, listStatus, note } from './list';
import { model } from './models';
import { removeRunning } from './running';
import type { Thread } from './thread';
import { named } from './threads';

const titleLength = 80;

function entryOf(role: Role, parent: string | null, content: string): Entry {
  return new Entry({ id: localId(), parent, role, content, state: role === 'user' ? 'done' : 'running', created_at: Math.floor(Date.now() / 1000) });
}

/** The beginning of a question, as the title of its conversation until the server gives one. */
export function titleOf(question: string): string {
  const line = question.trim().split('\n')[0]!.trim();
  return line.length > titleLength ? `${line.slice(0, titleLength - 1).trimEnd()}…` : line;
}

/** What goes along where the server keeps no conversations: every turn up to that message, without answers that say nothing. */
export function turnsUpTo(thread: Thread, last: string): Turn[] {
  const tree = thread.tree.value;
  const path = tree.path(last);
  return path.slice(0, path.findIndex(message => message.id === last) + 1)
    .filter((message: Message) => message.content !== '')
    .map(({ role, content }) => ({ role, content }));
}

/**
 * Asks a question behind the shown branch, or in the place of another question.
 * @param after the message that it is asked after; null for a first one; by default the last one shown
 * @param before how it was sent before, where nobody knows what has become of that
 * @returns false, with nothing done, while an answer is still running or there is nothing to ask
 */
export async function ask(thread: Thread, text: string, after?: string | null, before: Entry['sent'] = null): Promise<boolean> {
  const prompt = text.trim();
  if (!prompt || thread.running.value) return false;
  await known;
  if (thread.running.value) return false;
  const isKept = listStatus.value !== 'off';
  const last = isKept ? thread.lastStored : thread.turns.value.at(-1)?.answer ?? null;
  const parent = after === undefined ? last?.message.value.id ?? null : after;
  const question = entryOf('user', parent, prompt);
  question.sent = before;
  thread.add(question);
  start(thread, question, isKept, { prompt, ...(thread.id.value ? { parent: parent ?? 'root' } : {}) });
  return true;
}

/** Has a question answered once more. One that the server never had is asked anew in its own place. */
export async function regenerate(thread: Thread, question: Entry): Promise<boolean> {
  if (thread.running.value) return false;
  await known;
  const isKept = listStatus.value !== 'off';
  const { id, content, parent } = question.message.value;
  if (question.isStored || !isKept) {
    start(thread, question, isKept, { regenerate: id });
    return true;
  }
  const answers = thread.entries.value.filter(entry => entry.message.value.parent === id);
  const isRefused = answers.some(answer => (answer.live.value?.problem.value ?? answer.problem.value)?.refused);
  for (const answer of answers) {
    answer.live.value?.detach();
    removeRunning(answer);
  }
  thread.drop(question, ...answers);
  return ask(thread, content, parent, isRefused ? null : question.sent);
}

/** Stops the answer that is shown. */
export function stop(thread: Thread): void {
  const entry = thread.running.value;
  if (!entry) return;
  entry.isStoppedHere = true;
  entry.live.value?.cancel();
}

function start(thread: Thread, question: Entry, isKept: boolean, how: Pick<AskRequest, 'prompt' | 'parent' | 'regenerate'>): void {
  const prompt = question.message.value.content;
  const draft = thread.id.value;
  const answer = entryOf('assistant', question.message.value.id, '');
  thread.add(answer);
  thread.head.value = answer.message.value.id;
  if (!thread.title.value) thread.title.value = titleOf(prompt);
  if (how.prompt) drafts.sending(draft, prompt);
  const chosen = model.value ? { model: model.value } : {};
  const request: AskRequest = isKept
    ? { ...chosen, ...how, conversation: thread.id.value || 'new' }
    : { ...chosen, messages: turnsUpTo(thread, question.message.value.id) };
  const isAgain = question.sent !== null && JSON.stringify(question.sent.request) === JSON.stringify(request);
  const key = isAgain ? question.sent!.key : newKey();
  question.sent = { key, request };
  follow(thread, answer, LiveAnswer.ask(request, {
    asked(ids) {
      drafts.arrived(draft, ids.conversation);
      question.sent = null;
      if (ids.conversation) take(thread, question, answer, ids);
    },
  }, key));
}

function take(thread: Thread, question: Entry, answer: Entry, ids: Asked): void {
  thread.named(question, ids.question, question.message.value.parent);
  thread.named(answer, ids.answer, ids.question);
  if (!thread.id.value) named(thread, ids.conversation, thread.title.value);
  note(ids.conversation, { title: thread.title.value, head: ids.answer, updated_at: Math.floor(Date.now() / 1000), running: answer.live.value !== null });
  tell({ kind: 'changed', id: ids.conversation });
}
