// What other tabs do, and what happened while nobody looked.
import { effect } from '@preact/signals';
import { hear } from './channel';
import { drafts } from './drafts';
import { removePending } from './editing-list';
import { findOut } from './following';
import { conversations, forget, refresh } from './list';
import { runningIds } from './running';
import { atHand, current, leave, load } from './threads';

/** Milliseconds within which the list is not read twice because someone looks. */
const pause = 3_000;
/** Milliseconds between two looks at a list in which something runs that this page does not follow. */
const interval = 8_000;

let lastLook = 0;

function look(): void {
  if (document.hidden || performance.now() - lastLook < pause) return;
  lastLook = performance.now();
  void refresh();
  const thread = current.value;
  if (thread.id.value && !thread.running.value) void load(thread);
  for (const entry of thread.entries.value) if (entry.live.value?.state.value === 'cut') void findOut(thread, entry, entry.live.value);
}

/** Keeps list and conversation up to date from now on. */
export function followNews(): void {
  hear(news => {
    if (news.kind === 'removed') {
      if (news.id) drafts.forget(news.id);
      forget(news.id);
      leave(news.id);
      return;
    }
    void refresh();
    const thread = atHand(news.id);
    if (thread) void load(thread);
  });
  addEventListener('focus', look);
  addEventListener('online', look);
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', removePending);
  effect(() => {
    const isElsewhere = conversations.value.some(one => one.running && !runningIds.value.has(one.id));
    if (!isElsewhere) return;
    const timer = setInterval(look, interval);
    return () => clearInterval(timer);
  });
}
