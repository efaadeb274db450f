import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../state/notices';
import { dialog } from '../state/view';
import { words } from '../words';
import { loadEngine } from './rendering';

type Kinds = typeof import('./dialog-kinds');

/** Milliseconds by which what renders answers goes first. */
const later = 400;

const loaded = signal<Kinds | null>(null);

/** Fetches the dialogs, once. */
function load(): void {
  if (loaded.value) return;
  import('./dialog-kinds').then(kinds => (loaded.value = kinds), () => {
    // An updated server no longer has the file of this version.
    if (!dialog.value) return;
    dialog.value = null;
    announce(words.outdated);
  });
}

/** The dialog that is open, if one is. */
export function Dialogs() {
  const open = dialog.value;
  useEffect(() => {
    // Whoever does something may soon want one, or an answer.
    for (const kind of ['keydown', 'pointerdown']) {
      addEventListener(kind, () => setTimeout(load, later), { once: true });
      addEventListener(kind, loadEngine, { once: true });
    }
  }, []);
  useEffect(() => {
    if (open) load();
  }, [open]);
  if (!open || !loaded.value) return null;
  const Open = loaded.value.kinds[open];
  return <Open key={open} onClose={() => dialog.value === open && (dialog.value = null)} />;
}
