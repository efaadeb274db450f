import { dialog } from '../state/view';
import { Help } from './help';
import { Palette } from './palette';
import { RemoveAll } from './remove-all';
import { Settings } from './settings';

const kinds = { palette: Palette, help: Help, menu: Settings, removeAll: RemoveAll };

/** The dialog that is open, if one is. */
export function Dialogs() {
  const open = dialog.value;
  if (!open) return null;
  const Open = kinds[open];
  return <Open key={open} onClose={() => dialog.value === open && (dialog.value = null)} />;
}
