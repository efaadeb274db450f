// The keys that work everywhere on the page.
import { stop } from '../state/asking';
import { current, show } from '../state/threads';
import { dialog, isDrawerOpen, toggleSidebar } from '../state/view';
import { focusComposer, isComposing, isTyping } from './focus';

const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** The key that goes with others for the page's own actions. */
export const commandKey = isMac ? '⌘' : 'Ctrl';

/** The keys of a new chat, as they are written beside it. */
export const newChatKeys = isMac ? '⇧⌘O' : 'Ctrl+Shift+O';

/** Does what a key is for; false where it is for nothing here. */
export function press(event: KeyboardEvent): boolean {
  const hasCommand = (isMac ? event.metaKey : event.ctrlKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (hasCommand && !event.shiftKey && key === 'k') {
    dialog.value = dialog.value === 'palette' ? null : 'palette';
  } else if (dialog.value) {
    return false;
  } else if (hasCommand && event.shiftKey && key === 'o') {
    show('');
    focusComposer();
  } else if (hasCommand && event.shiftKey && key === 's') {
    toggleSidebar();
  } else if (key === 'escape' && isDrawerOpen.value) {
    isDrawerOpen.value = false;
  } else if (key === 'escape' && current.value.running.value) {
    stop(current.value);
  } else if (event.key === '?' && !isTyping(event.target)) {
    dialog.value = 'help';
  } else {
    return false;
  }
  return true;
}

/** Listens for them from now on. */
export function listenToKeys(): void {
  document.addEventListener('keydown', event => {
    if (!event.defaultPrevented && !isComposing(event) && press(event)) event.preventDefault();
  });
}
