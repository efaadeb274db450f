// Questions and answers that earlier versions of the page kept in the browser move to the server, once.
import { ApiError } from '../api/api-error';
import { create } from '../api/conversations';
import type { Role } from '../api/types';
import { words } from '../words';
import { tell } from './channel';
import { known, listStatus, refresh } from './list';
import { Shelf } from './storage';

const shelf = new Shelf(() => localStorage, 'sluice.turn.');

interface OldTurn {
  question?: unknown;
  text?: unknown;
}

function parse(json: string | null): OldTurn | null {
  try {
    return JSON.parse(json ?? 'null') as OldTurn | null;
  } catch {
    // Not written by any version of this page.
    return null;
  }
}

/** What was kept, the oldest first. */
export function oldTurns(): { role: Role; content: string }[] {
  return shelf.names().flatMap(name => {
    const turn = parse(shelf.get(name));
    if (typeof turn?.question !== 'string' || !turn.question) return [];
    const question = { role: 'user' as const, content: turn.question };
    return typeof turn.text === 'string' && turn.text ? [question, { role: 'assistant' as const, content: turn.text }] : [question];
  });
}

/** Moves them. Where that fails they stay for the next time. */
export async function importOld(): Promise<void> {
  const names = shelf.names();
  const messages = oldTurns();
  if (names.length === 0) return;
  await known;
  if (listStatus.value !== 'ready') return;
  const move = async (): Promise<void> => {
    if (shelf.names().length === 0) return;
    try {
      if (messages.length > 0) tell({ kind: 'changed', id: (await create(words.imported, messages)).id });
      for (const name of names) shelf.remove(name);
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      return;
    }
    await refresh();
  };
  // One tab alone moves them; a second one finds nothing left. Browsers have locks in a secure context alone.
  const { locks } = navigator as { locks?: LockManager };
  await (locks ? locks.request('sluice.import', move) : move());
}
