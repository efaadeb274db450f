import { removeAll } from '../state/editing-list';
import { words } from '../words';
import { Dialog } from './dialog';

/** Asks once more before everything is deleted. */
export function RemoveAll({ onClose }: { onClose(): void }) {
  return (
    <Dialog label={words.removeAllSure} class="sure" onClose={onClose}>
      <h2>{words.removeAllSure}</h2>
      <p>{words.removeAllNote}</p>
      <div class="dialog-row">
        <button type="button" class="quiet" autofocus onClick={onClose}>{words.cancel}</button>
        <button
          type="button"
          class="primary grave"
          onClick={() => {
            onClose();
            void removeAll();
          }}
        >
          {words.removeAll}
        </button>
      </div>
    </Dialog>
  );
}
