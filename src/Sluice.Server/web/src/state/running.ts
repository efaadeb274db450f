import { computed, signal } from '@preact/signals';
import { isEnd } from '../stream/answer-state';
import type { Entry } from './entry';
import type { Thread } from './thread';

/** An answer that this page follows, whatever it shows at the moment. */
export interface Running {
  thread: Thread;
  entry: Entry;
}

/** Every answer that this page follows. */
export const followed = signal<readonly Running[]>([]);

/** The ids of the conversations in which an answer is on its way, as far as this page follows it. */
export const runningIds = computed(() => new Set(followed.value.filter(({ entry }) => {
  const live = entry.live.value;
  return live && !isEnd(live.state.value);
}).map(({ thread }) => thread.id.value)));

export function addRunning(one: Running): void {
  followed.value = [...followed.value.filter(other => other.entry !== one.entry), one];
}

export function removeRunning(entry: Entry): void {
  followed.value = followed.value.filter(other => other.entry !== entry);
}
