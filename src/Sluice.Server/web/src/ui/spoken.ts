import { effect } from '@preact/signals';
import { Announcer } from '../reading/announcer';
import type { Entry } from '../state/entry';
import { notices } from '../state/notices';
import { current } from '../state/threads';
import { words } from '../words';
import { endingOf, troubleOf } from './ending';

/** Milliseconds after the end of an answer until it is read out: the page renders it once more as a whole at that moment. */
const restful = 250;

let announcer: Announcer | null = null;

/** Says something to those who do not see the page. */
export function say(text: string): void {
  announcer?.say(text);
}

/** What is said when an answer has ended: how, and the whole text where there is one. */
export function spokenEnd(entry: Entry): string {
  const message = entry.message.value;
  const seen = { problem: entry.problem.value, isStoppedHere: entry.isStoppedHere, isStored: entry.isStored };
  const trouble = troubleOf(message, seen, entry.live.value?.state.value ?? null);
  // A box with role=alert says the rest.
  if (trouble) return trouble.what;
  if (message.state === 'done') return [words.complete, message.content, endingOf(message, seen)].filter(Boolean).join(' ');
  return endingOf(message, seen);
}

/** Speaks through that element from now on: of the answer that is shown, and of notices. */
export function speakThrough(root: HTMLElement): void {
  const speaker = new Announcer(root, words);
  announcer = speaker;
  let heard: Entry | null = null;
  effect(() => {
    const running = current.value.running.value;
    if (running === heard) return;
    const before = heard;
    heard = running;
    if (running) speaker.begin();
    // Of an answer in another conversation, or on another branch, nothing is said.
    else if (before && current.peek().entries.peek().includes(before)) setTimeout(() => heard || speaker.end(spokenEnd(before)), restful);
    else speaker.end('');
  });
  effect(() => {
    const last = notices.value.at(-1);
    if (last) speaker.say(last.text);
  });
}
