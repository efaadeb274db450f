// Fetched when it is needed: nobody waits for this to read or to ask.
import '../styles/dialog.css';
import '../styles/palette.css';
import type { FunctionComponent } from 'preact';
import type { Dialog } from '../state/view';
import { Help } from './help';
import { Palette } from './palette';
import { RemoveAll } from './remove-all';
import { Settings } from './settings';

/** What each dialog is. */
export const kinds: Record<Dialog, FunctionComponent<{ onClose(): void }>> = { palette: Palette, help: Help, menu: Settings, removeAll: RemoveAll };
