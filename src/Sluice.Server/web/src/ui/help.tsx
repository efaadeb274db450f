import { words } from '../words';
import { Dialog } from './dialog';
import { IconButton } from './icon-button';
import { commandKey } from './keys';

const { keyShift: shift, keyEnter: enter } = words;
const lines: readonly [text: string, ...keys: string[]][] = [
  [words.keySend, enter],
  [words.keyBreak, shift, enter],
  [words.keyStop, words.keyEsc],
  [words.keyEdit, words.keyUp],
  [words.keyPage, 'PageUp', 'PageDown'],
  [words.keyPalette, commandKey, 'K'],
  [words.keyNew, commandKey, shift, 'O'],
  [words.keySidebar, commandKey, shift, 'S'],
  [words.keyHelp, '?'],
];

/** Which keys do what. */
export function Help({ onClose }: { onClose(): void }) {
  return (
    <Dialog label={words.keyboard} class="help" onClose={onClose}>
      <div class="dialog-head"><h2>{words.keyboard}</h2><IconButton icon="close" label={words.close} onClick={onClose} /></div>
      <dl class="shortcuts">
        {lines.map(([text, ...keys]) => <div><dt>{text}</dt><dd>{keys.map(key => <kbd>{key}</kbd>)}</dd></div>)}
      </dl>
    </Dialog>
  );
}
