// What of the page is open.
import { signal } from '@preact/signals';
import { choices } from './storage';

const narrow = matchMedia('(max-width: 50rem)');

/** Whether the list lies over the answers instead of beside them. */
export const isNarrow = signal(narrow.matches);
/** Whether the list is shown beside the answers. */
export const isSidebarOpen = signal(choices.get('sidebar') !== 'closed');
/** Whether the list lies over the answers at the moment. */
export const isDrawerOpen = signal(false);

export type Dialog = 'palette' | 'help' | 'menu' | 'removeAll';
/** The dialog that is open. */
export const dialog = signal<Dialog | null>(null);

/** The message whose question is being edited, by its entry's key. */
export const edited = signal<string | null>(null);

/** The message that a search led to, by its id; taken back once it is shown. */
export const sought = signal<string | null>(null);

narrow.addEventListener('change', () => {
  isNarrow.value = narrow.matches;
  isDrawerOpen.value = false;
});

/** Shows or hides the list, in whichever way the page has room for. */
export function toggleSidebar(): void {
  if (isNarrow.value) {
    isDrawerOpen.value = !isDrawerOpen.value;
    return;
  }
  isSidebarOpen.value = !isSidebarOpen.value;
  choices.set('sidebar', isSidebarOpen.value ? '' : 'closed');
}
