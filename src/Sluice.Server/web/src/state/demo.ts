// The demonstration: cuts connections on purpose, to show that nothing is lost.
import { computed, effect, signal } from '@preact/signals';
import { isEnd } from '../stream/answer-state';
import type { LiveAnswer } from '../stream/live-answer';
import { followed } from './running';

/** Milliseconds between two cuts. */
const every = 4_000;

/** Whether running answers lose their connection again and again. Not kept: a reload ends it. */
export const keepsDropping = signal(false);

const live = computed(() => followed.value.flatMap(({ entry }): LiveAnswer[] => {
  const answer = entry.live.value;
  return answer && !isEnd(answer.state.value) ? [answer] : [];
}));

/** Whether there is a connection to cut. */
export const canDrop = computed(() => live.value.length > 0);

/** Cuts the connection of every running answer. */
export function dropAll(): void {
  for (const answer of live.peek()) answer.drop();
}

effect(() => {
  if (!keepsDropping.value) return;
  const timer = setInterval(dropAll, every);
  return () => clearInterval(timer);
});
