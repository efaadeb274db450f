import type { Entry } from '../state/entry';
import type { AnswerNote } from '../stream/answer-state';
import { words } from '../words';

const texts: Record<AnswerNote, string> = {
  retrying: words.noteRetrying,
  failover: words.noteFailover,
  takeover: words.noteTakeover,
  degraded: words.noteDegraded,
  reset: words.noteReset,
};

/** What the server did to get this answer, and whether something of it was void. */
export function Notes({ entry }: { entry: Entry }) {
  const note = entry.live.value?.note.value ?? null;
  return (
    <>
      {note && note !== 'reset' && <p class="note">{texts[note]}</p>}
      {entry.wasReset.value && <p class="note">{words.noteReset}</p>}
    </>
  );
}
