import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { hasSessions, signOut } from '../api/access';
import { listStatus } from '../state/list';
import { theme, themes } from '../state/theme';
import { dialog } from '../state/view';
import { words } from '../words';
import { DemoSection } from './demo-section';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { IconButton } from './icon-button';
import { themeNames } from './theme-names';

/** Choices, the demonstration, and the ways out of the page. */
export function Settings({ onClose }: { onClose(): void }) {
  const canSignOut = useSignal(false);
  const isKept = listStatus.value !== 'off';
  useEffect(() => void hasSessions().then(has => (canSignOut.value = has)), []);
  return (
    <Dialog label={words.menu} class="settings" onClose={onClose}>
      <div class="dialog-head"><h2>{words.menu}</h2><IconButton icon="close" label={words.close} onClick={onClose} /></div>
      <fieldset class="choice">
        <legend>{words.colours}</legend>
        {themes.map(one => (
          <label key={one}>
            <input type="radio" name="theme" value={one} checked={theme.value === one} onChange={() => (theme.value = one)} />
            <span>{themeNames[one]}</span>
          </label>
        ))}
      </fieldset>
      <p class="fact"><span>{words.language}</span>{words.languageNote}</p>
      <DemoSection onDropped={onClose} />
      <div class="ways">
        <button type="button" class="wide" onClick={() => (dialog.value = 'help')}><Icon name="keyboard" />{words.keyboard}</button>
        <a class="wide" href="status"><Icon name="chart" />{words.status}</a>
        <a class="wide" href="reference"><Icon name="book" />{words.reference}</a>
        {isKept && <button type="button" class="wide grave" onClick={() => (dialog.value = 'removeAll')}><Icon name="remove" />{words.removeAll}</button>}
        {canSignOut.value && <button type="button" class="wide" onClick={() => void signOut()}><Icon name="leave" />{words.signOut}</button>}
      </div>
      <p class="dialog-note">{isKept ? (canSignOut.value ? words.keptHere : words.keptShared) : words.listOff}</p>
    </Dialog>
  );
}
