// The conversations that this page has open, and the one that it shows.
import { signal } from '@preact/signals';
import { followRunning } from './following';
import { conversations } from './list';
import { reread } from './reading-threads';
import { address, addressOf, onBack } from './route';
import { removeRunning } from './running';
import { Thread } from './thread';

/** How many conversations are kept at hand beside those that are running. */
const most = 20;

const open = new Map<string, Thread>();

/** The conversation that is shown. */
export const current = signal(new Thread());

/** The conversation of that id, if it is at hand. */
export const atHand = (id: string): Thread | undefined => open.get(id);

/** Reads a conversation again, and follows what runs in it. */
export async function load(thread: Thread): Promise<void> {
  if (thread.status.value !== 'ready') thread.status.value = 'loading';
  const id = thread.id.value;
  await reread(thread);
  if (thread.status.peek() === 'missing') {
    // Whoever asks here begins a new conversation.
    open.delete(id);
    thread.id.value = '';
  }
  followRunning(thread);
}

/** Shows a conversation; an empty id is a new one. */
export function show(id: string, how: 'push' | 'replace' | 'stay' = 'push'): void {
  if (how !== 'stay') address(id, how);
  if (id === current.value.id.value && !['failed', 'missing'].includes(current.value.status.value) && (id || current.value.entries.value.length === 0)) return;
  if (!id) {
    current.value = new Thread();
    return;
  }
  let thread = open.get(id);
  if (!thread) {
    thread = new Thread();
    thread.describe({ id, title: conversations.value.find(one => one.id === id)?.title ?? '' });
  }
  keep(thread);
  current.value = thread;
  void load(thread);
}

/** The conversation has a name now, or was looked at: it stays at hand. */
export function keep(thread: Thread): void {
  const id = thread.id.value;
  open.delete(id);
  open.set(id, thread);
  for (const [old, other] of open) {
    if (open.size <= most) break;
    if (other !== current.value && !other.entries.value.some(entry => entry.live.value)) open.delete(old);
  }
}

/** The server has named the conversation. */
export function named(thread: Thread, id: string, title: string): void {
  thread.describe({ id, title });
  thread.status.value = 'ready';
  keep(thread);
  if (thread === current.value) address(id, 'replace');
}

/** The conversation is gone; null is all of them. */
export function leave(id: string | null): void {
  for (const [name, thread] of [...open]) {
    if (id !== null && name !== id) continue;
    open.delete(name);
    for (const entry of thread.entries.value) {
      entry.live.value?.detach();
      removeRunning(entry);
    }
  }
  if (current.value.id.value && (id === null || current.value.id.value === id)) show('', 'replace');
}

/** Shows what the address says, now and whenever it changes. */
export function followAddress(): void {
  onBack(() => show(addressOf(), 'stay'));
  if (addressOf()) show(addressOf(), 'stay');
}
