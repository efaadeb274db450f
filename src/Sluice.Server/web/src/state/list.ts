import { signal } from '@preact/signals';
import { ApiError } from '../api/api-error';
import * as api from '../api/conversations';
import type { Conversation } from '../api/types';
import { words } from '../words';
import { announce } from './notices';

/** `off`: this server keeps no conversations. */
export type ListStatus = 'loading' | 'ready' | 'off' | 'failed';

/** The conversations of whoever looks, as far as they have been read, the newest first. */
export const conversations = signal<readonly Conversation[]>([]);
export const listStatus = signal<ListStatus>('loading');
/** Whether there are older ones to be read. */
export const hasMore = signal(false);

// Deleted here, but not at the server yet.
const leaving = new Set<string>();

let whenKnown: () => void;
/** Comes true once it is known whether this server keeps conversations. */
export const known = new Promise<void>(resolve => (whenKnown = resolve));

const order = (list: readonly Conversation[]): Conversation[] =>
  [...list].filter(one => !leaving.has(one.id)).sort((a, b) => b.updated_at - a.updated_at);

/** Reads the newest conversations again; those behind them stay as they were. */
export async function refresh(): Promise<void> {
  try {
    const page = await api.list();
    const ids = new Set(page.data.map(one => one.id));
    // What is younger than the oldest one read, and was not among them, is no longer there.
    const oldest = page.data.at(-1)?.updated_at ?? 0;
    const behind = page.has_more ? conversations.value.filter(one => !ids.has(one.id) && one.updated_at <= oldest) : [];
    conversations.value = order([...page.data, ...behind]);
    if (behind.length === 0) hasMore.value = page.has_more;
    listStatus.value = 'ready';
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    // Later a 404 is a proxy's, whose server is away.
    if (problem.status === 404 && listStatus.value === 'loading') listStatus.value = 'off';
    else if (listStatus.value === 'loading') listStatus.value = 'failed';
  } finally {
    whenKnown();
  }
}

/** Reads the page behind the last one. */
export async function more(): Promise<void> {
  const last = conversations.value.at(-1);
  if (!last) return;
  const page = await api.list(last.id).catch((problem: unknown) => {
    if (problem instanceof ApiError) return null;
    throw problem;
  });
  if (!page) {
    announce(words.listFailed);
    return refresh();
  }
  const ids = new Set(conversations.value.map(one => one.id));
  conversations.value = order([...conversations.value, ...page.data.filter(one => !ids.has(one.id))]);
  hasMore.value = page.has_more;
}

/** Notes what has become of a conversation, or that there is one more. */
export function note(id: string, change: Partial<Conversation>): void {
  const now = Math.floor(Date.now() / 1000);
  const before = conversations.value.find(one => one.id === id) ?? { id, title: '', head: null, created_at: now, updated_at: now, running: false };
  conversations.value = order([{ ...before, ...change }, ...conversations.value.filter(one => one.id !== id)]);
}

/** Takes conversations off the list; null is all of them. */
export function forget(id: string | null): void {
  conversations.value = id === null ? [] : conversations.value.filter(one => one.id !== id);
  if (id === null) hasMore.value = false;
}

/** Hides a conversation that is about to be deleted, until `isLeaving` is false. */
export function setLeaving(id: string, isLeaving: boolean): void {
  if (isLeaving) leaving.add(id);
  else leaving.delete(id);
  conversations.value = order(conversations.value);
}
