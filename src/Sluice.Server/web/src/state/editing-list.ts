// Renaming and deleting conversations.
import { ApiError } from '../api/api-error';
import * as api from '../api/conversations';
import type { Conversation } from '../api/types';
import { words } from '../words';
import { tell } from './channel';
import { drafts } from './drafts';
import { conversations, forget, note, setLeaving } from './list';
import { announce, dismiss, noticeTime } from './notices';
import { atHand, leave, load, show } from './threads';

/** Whether the server refused or could not be reached: that is said; anything else is a fault of the page. */
function isRefusal(problem: unknown): problem is ApiError {
  if (problem instanceof ApiError) return true;
  throw problem;
}

/** Gives a conversation another title; an empty or the same one changes nothing. */
export async function rename(conversation: Conversation, title: string): Promise<void> {
  const wanted = title.trim();
  if (!wanted || wanted === conversation.title) return;
  setTitle(conversation.id, wanted);
  try {
    setTitle(conversation.id, (await api.rename(conversation.id, wanted)).title);
    tell({ kind: 'changed', id: conversation.id });
  } catch (problem) {
    if (!isRefusal(problem)) return;
    setTitle(conversation.id, conversation.title);
    announce(words.notRenamed);
  }
}

function setTitle(id: string, title: string): void {
  note(id, { title });
  const thread = atHand(id);
  if (thread) thread.title.value = title;
}

/** Deletions that can still be undone, by id. */
const pending = new Map<string, () => void>();

/** Deletes a conversation a while later, so that it can be undone until then. */
export function removeSoon(conversation: Conversation): void {
  const { id, title } = conversation;
  const wasShown = atHand(id) !== undefined && new URLSearchParams(location.search).get('c') === id;
  setLeaving(id, true);
  if (wasShown) show('', 'replace');
  const timer = setTimeout(() => pending.get(id)?.(), noticeTime);
  const notice = announce(words.removed(title || words.untitled), {
    label: words.undo,
    run() {
      clearTimeout(timer);
      pending.delete(id);
      setLeaving(id, false);
      note(id, conversation);
      if (wasShown) show(id);
    },
  });
  pending.set(id, () => {
    clearTimeout(timer);
    pending.delete(id);
    dismiss(notice);
    void remove(conversation);
  });
}

async function remove(conversation: Conversation): Promise<void> {
  const { id } = conversation;
  leave(id);
  try {
    await api.remove(id);
    forget(id);
    drafts.forget(id);
    tell({ kind: 'removed', id });
  } catch (problem) {
    if (!isRefusal(problem)) return;
    if (problem.status !== 404) {
      note(id, conversation);
      announce(words.notRemoved);
    }
  } finally {
    setLeaving(id, false);
  }
}

/** Deletes now what was to be deleted soon: the page is being left. */
export function removePending(): void {
  for (const now of [...pending.values()]) now();
}

/** Deletes everything that the server keeps for whoever asks. */
export async function removeAll(): Promise<void> {
  try {
    await api.removeAll();
    for (const { id } of conversations.value) drafts.forget(id);
    leave(null);
    forget(null);
    tell({ kind: 'removed', id: null });
    announce(words.removedAll);
  } catch (problem) {
    if (isRefusal(problem)) announce(words.notRemovedAll);
  }
}

/** Has a conversation that could not be read read again. */
export function openAgain(id: string): void {
  const thread = atHand(id);
  if (thread) void load(thread);
}
